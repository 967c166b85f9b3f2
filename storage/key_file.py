"""The key file (密钥文件): where the seal's keys lie, readable by the bot alone.

Losing it locks everybody out of the database, so it is never half written or lost: a new one
is written beside it, made safe on disk and only then given its name. The commands load it at
start; ``rotate`` adds a key, which running processes take over when they meet it.
"""

import json
import logging
import os
import secrets
import stat
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from config.faults import StartupFault
from storage.sealed import Seal, SealBroken

logger = logging.getLogger(__name__)


class FileSeal(Seal):
    """The seal of a key file that looks again when it meets a key it does not know.

    ``rotate`` puts the new key into the file before anything is closed with it, so a process that
    goes on meanwhile opens what it meets, and from then on closes with the new key as well. A file
    with another lookup key is not taken over: that change needs a standstill.
    """

    _path = Path()
    _seen = (0, 0)

    @classmethod
    def of(cls, path: Path) -> "FileSeal":
        """The seal that lies in ``path``. Raises: StartupFault, FileNotFoundError."""
        seen = _mark_of(path)
        seal = _load(path)
        made = cls(seal.keys, seal.current, seal.hmac_key)
        object.__setattr__(made, "_path", path)
        object.__setattr__(made, "_seen", seen)
        return made

    def _parts(self, value: str) -> tuple[str, str]:
        try:
            return super()._parts(value)
        except SealBroken:
            if not self._looked_again():
                raise
        return super()._parts(value)

    def _looked_again(self) -> bool:
        """Take over what the file has more; False when it is the one we know, or no good."""
        try:
            mark = _mark_of(self._path)
            if mark == self._seen:
                return False
            object.__setattr__(self, "_seen", mark)
            fresh = _load(self._path)
        except (OSError, StartupFault) as fault:
            logger.warning("the key file cannot be read again: %s", type(fault).__name__)
            return False
        if fresh.hmac_key != self.hmac_key:
            logger.error("the lookup key changed while this process runs; restart it")
            return False
        # All keys first: whoever closes meanwhile finds the one it names.
        object.__setattr__(self, "keys", MappingProxyType({**self.keys, **fresh.keys}))
        object.__setattr__(self, "current", fresh.current)
        return True


def _mark_of(path: Path) -> tuple[int, int]:
    """What changes when the file is replaced."""
    now = path.stat()
    return now.st_ino, now.st_mtime_ns


def load_or_create_keys(path: Path, *, must_exist: bool) -> Seal:
    """The seal kept in the key file ``path`` (mode 0600); a new one if there is none yet.

    ``must_exist``: a database is there already, so that new keys would lock everybody out.
    Two processes that start together end with the same keys. A file that others may read is
    narrowed to 0600 with a warning.

    Raises: StartupFault, if the file is missing although it must exist, cannot be read or
    written, or is damaged. Nothing is ever overwritten.
    """
    try:
        return FileSeal.of(path)
    except FileNotFoundError:
        if must_exist:
            raise StartupFault(
                f"数据库已存在，但密钥文件 {path} 不见了。请从备份恢复；没有它，库里的内容打不开。"
            ) from None
    try:
        _create(path, Seal.generate())
        return FileSeal.of(path)
    except OSError as error:
        raise StartupFault(f"不能建立密钥文件 {path}：{error.strerror or error}。") from error


def add_key(path: Path, *, new_hmac: bool = False) -> Seal:
    """The seal of ``path`` with one new current key, already safe in the file; old keys stay.

    ``new_hmac`` changes the lookup key as well.

    Raises: StartupFault, as ``load_or_create_keys``.
    """
    seal = load_or_create_keys(path, must_exist=True).with_new_key()
    if new_hmac:
        seal = replace(seal, hmac_key=Seal.generate().hmac_key)
    aside = path.with_name(f"{path.name}.before-{seal.current}")
    try:
        _create(aside, seal)
        aside.replace(path)
    except OSError as error:
        raise StartupFault(f"不能更新密钥文件 {path}：{error.strerror or error}。") from error
    return seal


def _load(path: Path) -> Seal:
    try:
        text = path.read_text("utf-8")
        _narrow(path)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StartupFault(
            f"密钥文件 {path} 不能用：{error.strerror or error}。请检查它的所有者和权限。"
        ) from error
    except UnicodeDecodeError:
        raise StartupFault(f"密钥文件 {path} 已损坏：不是文本。请从备份恢复。") from None
    return _parse(path, text)


def _parse(path: Path, text: str) -> Seal:
    try:
        kept = json.loads(text)
        keys, current, hmac_key = dict(kept["keys"]), kept["current"], kept["hmac_key"]
        if not all(isinstance(part, str) for part in (*keys.values(), current, hmac_key)):
            raise TypeError
        return Seal.from_texts(keys, current, hmac_key)
    except (ValueError, KeyError, TypeError):
        raise StartupFault(f"密钥文件 {path} 已损坏：内容不完整。请从备份恢复。") from None
    except StartupFault as fault:
        raise StartupFault(f"密钥文件 {path} 已损坏：{fault} 请从备份恢复。") from None


def _narrow(path: Path) -> None:
    if stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        path.chmod(0o600)
        logger.warning("key file %s was readable by others; narrowed to 0600", path)


def _create(path: Path, seal: Seal) -> None:
    """Write the file whole or not at all; an existing one wins. Survives a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(_file_form(seal))
            file.flush()
            os.fsync(file.fileno())
        _publish(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _publish(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _file_form(seal: Seal) -> str:
    keys, current, hmac_key = seal.texts()
    return json.dumps({"keys": keys, "current": current, "hmac_key": hmac_key}, indent=2) + "\n"
