"""A certificate authority of one test: what it signed is trusted by whoever takes its file.

Made with trustme. Called by tests of the proxy's example and of the way out.
"""

import ssl
from pathlib import Path

import trustme


class Authority:
    """Signs for hosts; nobody trusts it who was not told."""

    def __init__(self) -> None:
        self._ca = trustme.CA()

    def server_context(self, *hosts: str) -> ssl.SSLContext:
        """What a TLS server of ``hosts`` uses."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._ca.issue_cert(*hosts).configure_cert(context)
        return context

    def trusted(self) -> ssl.SSLContext:
        """What a client uses that trusts this authority."""
        context = ssl.create_default_context()
        self._ca.configure_trust(context)
        return context

    def file(self, folder: Path) -> Path:
        """The authority's own certificate, as ``JINGGE_CA_FILE`` wants it."""
        path = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(str(path))
        return path

    def files_for(self, host: str, folder: Path) -> tuple[Path, Path]:
        """Key and chain of a server, as files."""
        made = self._ca.issue_cert(host)
        key, chain = folder / "server.key", folder / "server.pem"
        made.private_key_pem.write_to_path(str(key))
        made.cert_chain_pems[0].write_to_path(str(chain))
        return key, chain
