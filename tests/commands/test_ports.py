"""Ports of a demo: the wanted one or a clear word; a free one that no outgoing line can take."""

import socket

import pytest

from commands.demo_processes import HOST, free_port
from config.faults import StartupFault


def test_a_drawn_port_is_below_those_of_outgoing_lines() -> None:
    with socket.socket() as probe:
        port = free_port(0)
        probe.bind((HOST, port))
    assert 20_000 <= port < 32_000


def test_a_taken_port_is_refused_by_its_number() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StartupFault, match=str(port)):
            free_port(port)
