"""The simulator for interop tests: one process per test, so nobody's take-over disturbs another."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import aiohttp
import pytest

from tests.interop.simulator import Simulator, simulator_process

RunSimulator = Callable[..., AbstractAsyncContextManager[Simulator]]


@pytest.fixture
def run_simulator() -> RunSimulator:
    """A function: runs the simulator with more command-line arguments, as a context manager."""

    @asynccontextmanager
    async def run(*arguments: str) -> AsyncIterator[Simulator]:
        process, url = simulator_process(*arguments)
        process.start()
        try:
            async with aiohttp.ClientSession() as session:
                yield Simulator(url, session)
        finally:
            process.stop()
            process.remove()

    return run


@pytest.fixture
async def simulator(run_simulator: RunSimulator) -> AsyncIterator[Simulator]:
    """The sample station's WeCom, where everybody has spoken to the robot once."""
    async with run_simulator() as running:
        yield running
