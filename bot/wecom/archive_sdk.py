"""Adapter A of the archive (会话内容存档 SDK): Tencent's C library, called through ctypes.

The library cannot be installed from a registry: the corp fetches it from WeCom and names its path
in the settings. All calls block, so each of the two handles (rows, files) has a thread of its own:
a big video never holds up a cry for help. Pointers are copied with their length, because contents
may hold zero bytes, and are always freed.
Source: header ``WeWorkFinanceSdk_C.h`` of the Linux package; /document/path/91774.
"""

import ctypes
from collections.abc import Callable, Sequence
from ctypes import c_char_p, c_int, c_uint, c_ulonglong, c_void_p
from dataclasses import dataclass, field
from pathlib import Path

from bot.wecom.archive import SealedRow, Unreadable, rows_of
from bot.wecom.errors import Refusal, Unreachable, sdk_fault_of
from bot.wecom.own_thread import OwnThread

_MOST_PIECES = 4096
_SPARE_S = 5.0
_SHAPES: dict[str, tuple[type | None, list[type]]] = {
    "NewSdk": (c_void_p, []),
    "DestroySdk": (None, [c_void_p]),
    "Init": (c_int, [c_void_p, c_char_p, c_char_p]),
    "GetChatData": (
        c_int,
        [c_void_p, c_ulonglong, c_uint, c_char_p, c_char_p, c_int, c_void_p],
    ),
    "DecryptData": (c_int, [c_char_p, c_char_p, c_void_p]),
    "GetMediaData": (
        c_int,
        [c_void_p, c_char_p, c_char_p, c_char_p, c_char_p, c_int, c_void_p],
    ),
    "NewSlice": (c_void_p, []),
    "FreeSlice": (None, [c_void_p]),
    "GetContentFromSlice": (c_void_p, [c_void_p]),
    "GetSliceLen": (c_int, [c_void_p]),
    "NewMediaData": (c_void_p, []),
    "FreeMediaData": (None, [c_void_p]),
    "GetOutIndexBuf": (c_void_p, [c_void_p]),
    "GetIndexLen": (c_int, [c_void_p]),
    "GetData": (c_void_p, [c_void_p]),
    "GetDataLen": (c_int, [c_void_p]),
    "IsMediaDataFinish": (c_int, [c_void_p]),
}


class NoLibrary(Exception):
    """The library is not there, cannot be loaded, or lacks a function."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveConfig:
    """Whose archive, by which library; ``timeout_s`` is what one call may take."""

    library: Path
    corp_id: str
    secret: str = field(repr=False)
    proxy: str = field(default="", repr=False)
    proxy_password: str = field(default="", repr=False)
    timeout_s: int = 10


def load(path: Path) -> ctypes.CDLL:
    """The library with the shape of every function declared. Raises: NoLibrary."""
    try:
        library = ctypes.CDLL(str(path.absolute()))
        for name, (result, arguments) in _SHAPES.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError) as fault:
        raise NoLibrary(type(fault).__name__) from fault
    return library


class Handle:
    """One handle of the library; made, used and destroyed by the thread that owns it."""

    def __init__(self, library: ctypes.CDLL, config: ArchiveConfig) -> None:
        self._lib = library
        self._config = config
        self._sdk: int | None = None
        self._way = (config.proxy.encode(), config.proxy_password.encode(), config.timeout_s)

    def page(self, after: int, most: int) -> str:
        """JSON text of the rows above ``after``. Raises: WeComFault."""
        sdk = self._opened()
        return self._slice(
            lambda out: self._lib.GetChatData(sdk, after, most, *self._way, out)
        ).decode("utf-8", "replace")

    def decrypted(self, key: str, body: str) -> str | Unreadable:
        """The words of one row, or why it does not open."""
        try:
            data = self._slice(lambda out: self._lib.DecryptData(key.encode(), body.encode(), out))
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return Unreadable("not_text")
        except (Refusal, Unreachable) as fault:
            return Unreadable(f"sdk{fault.errcode}")

    def piece(self, index: bytes, file_id: str) -> tuple[bytes, bytes, bool]:
        """The next bytes of a file, the index to go on with, and whether it was the last.

        Raises: WeComFault.
        """
        sdk, lib = self._opened(), self._lib
        media = lib.NewMediaData()
        try:
            _check(lib.GetMediaData(sdk, index, file_id.encode(), *self._way, media))
            data = _copied(lib.GetData(media), lib.GetDataLen(media))
            following = _copied(lib.GetOutIndexBuf(media), lib.GetIndexLen(media))
            return data, following, lib.IsMediaDataFinish(media) == 1
        finally:
            lib.FreeMediaData(media)

    def destroy(self) -> None:
        """Give the handle back; the next call makes a new one."""
        if self._sdk is not None:
            self._lib.DestroySdk(self._sdk)
            self._sdk = None

    def _opened(self) -> int:
        """The handle; a failed Init is tried anew at the next call. Raises: WeComFault."""
        if self._sdk is None:
            self._sdk = self._lib.NewSdk()
            config = self._config
            try:
                _check(self._lib.Init(self._sdk, config.corp_id.encode(), config.secret.encode()))
            except BaseException:
                self.destroy()
                raise
        assert self._sdk is not None  # noqa: S101 made just above
        return self._sdk

    def _slice(self, call: Callable[[int], int]) -> bytes:
        out = self._lib.NewSlice()
        try:
            _check(call(out))
            return _copied(self._lib.GetContentFromSlice(out), self._lib.GetSliceLen(out))
        finally:
            self._lib.FreeSlice(out)


class SdkSource:
    """``ArchiveSource`` over the library. Raises at construction: NoLibrary."""

    def __init__(self, config: ArchiveConfig) -> None:
        library = load(config.library)
        self._within_s = config.timeout_s + _SPARE_S
        self._rows, self._files = Handle(library, config), Handle(library, config)
        self._row_thread, self._file_thread = OwnThread("archive"), OwnThread("archive-files")

    async def page(self, after: int, most: int) -> list[SealedRow]:
        """As ``ArchiveSource.page``."""
        try:
            text = await self._row_thread.do(lambda: self._rows.page(after, most), self._within_s)
        except TimeoutError as fault:
            raise Unreachable("the archive's library does not come back") from fault
        return rows_of(text)

    async def opened(self, locked: Sequence[tuple[str, str]]) -> list[str | Unreadable]:
        """As ``ArchiveSource.opened``."""

        def open_all() -> list[str | Unreadable]:
            return [self._rows.decrypted(key, body) for key, body in locked]

        try:
            return await self._row_thread.do(open_all, self._within_s + len(locked) / 50)
        except TimeoutError as fault:
            raise Unreachable("the archive's library does not come back") from fault

    async def media(self, file_id: str, limit_bytes: int) -> bytes:
        """As ``ArchiveSource.media``. Raises: Refusal, when it is longer than ``limit_bytes``."""
        data, index = bytearray(), b""
        for _ in range(_MOST_PIECES):
            piece, index, is_last = await self._piece(index, file_id)
            data += piece
            if len(data) > limit_bytes:
                raise Refusal(f"longer than {limit_bytes} bytes")
            if is_last:
                return bytes(data)
        raise Refusal("a file without an end")

    async def _piece(self, index: bytes, file_id: str) -> tuple[bytes, bytes, bool]:
        try:
            return await self._file_thread.do(
                lambda: self._files.piece(index, file_id), self._within_s
            )
        except TimeoutError as fault:
            raise Unreachable("the archive's library does not come back") from fault

    def close(self) -> None:
        """Give both handles back, each in its own thread."""
        self._row_thread.close(self._rows.destroy)
        self._file_thread.close(self._files.destroy)

    def join(self, timeout_s: float) -> None:
        """Wait until both threads have ended, at most that long each."""
        self._row_thread.join(timeout_s)
        self._file_thread.join(timeout_s)


def _check(code: int) -> None:
    if code:
        raise sdk_fault_of(code)


def _copied(pointer: int | None, length: int) -> bytes:
    return ctypes.string_at(pointer, length) if pointer and length > 0 else b""
