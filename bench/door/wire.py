"""Callbacks as WeCom sends them (回调的样子), made before the clock runs; the least that opens one.

``Cipher`` is written for speed with ``cryptography`` alone and checks no padding: it is what a bare
program would have, the measure for ours. ``letters`` and ``frames`` make whole HTTP requests.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.etree import ElementTree

from cryptography.hazmat.primitives.ciphers import Cipher as Aes
from cryptography.hazmat.primitives.ciphers import algorithms, modes

CORP, AGENT, BOT = "wwbench", 1000002, "aibench"
TOKEN = "bench"  # noqa: S105  of a made-up corp
_HEAD = 20


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, who says it, and the id that WeCom would give it."""

    number: str
    by: str
    text: str


class Cipher:
    """Opens and closes envelopes, nothing checked but the signature."""

    def __init__(self, aes_key: str, receiver: str) -> None:
        key = base64.b64decode(aes_key + "=")
        self._aes = Aes(algorithms.AES(key), modes.CBC(key[:16]))
        self._receiver = receiver.encode()

    def close(self, text: str) -> str:
        """The encrypted text, in base64."""
        raw = text.encode()
        plain = secrets.token_bytes(16) + len(raw).to_bytes(4, "big") + raw + self._receiver
        pad = 32 - len(plain) % 32
        cipher = self._aes.encryptor()
        return base64.b64encode(cipher.update(plain + bytes([pad]) * pad)).decode()

    def open(self, query: Mapping[str, str], encrypted: str) -> str:
        """The text inside. Raises: ValueError when the signature is another."""
        if signature(query["timestamp"], query["nonce"], encrypted) != query["msg_signature"]:
            raise ValueError("signature")
        plain = self._aes.decryptor().update(base64.b64decode(encrypted))
        length = int.from_bytes(plain[16:_HEAD], "big")
        return plain[_HEAD : _HEAD + length].decode()

    def answered(self, query: Mapping[str, str], text: str) -> bytes:
        """The encrypted JSON answer, signed."""
        encrypted = self.close(text)
        stamp, nonce = query["timestamp"], query["nonce"]
        said = {"encrypt": encrypted, "msgsignature": signature(stamp, nonce, encrypted)}
        return json.dumps({**said, "timestamp": int(stamp), "nonce": nonce}).encode()


def signature(timestamp: str, nonce: str, encrypted: str) -> str:
    """Hex SHA-1 over the four sorted strings."""
    joined = "".join(sorted((TOKEN, timestamp, nonce, encrypted)))
    return hashlib.sha1(joined.encode()).hexdigest()  # noqa: S324  WeCom's own choice


def new_aes_key() -> str:
    """A fresh EncodingAESKey of 43 letters."""
    return base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def encrypted_in(body: bytes) -> str:
    """What stands in <Encrypt>."""
    return ElementTree.fromstring(body).findtext("Encrypt") or ""  # noqa: S314  bench's own text


def letter_in(text: str) -> dict[str, str]:
    """The children of a letter."""
    return {one.tag: one.text or "" for one in ElementTree.fromstring(text)}  # noqa: S314  as above


def letters(cipher: Cipher, path: str, said: Iterable[Said]) -> list[bytes]:
    """What members say to the app, as XML."""
    return [_request(path, *_xml(cipher.close(_letter(one)))) for one in said]


def frames(cipher: Cipher, path: str, said: Iterable[Said]) -> list[bytes]:
    """What people say to a robot in URL mode, as JSON."""
    return [_request(path, *_sealed(cipher.close(_frame(one)))) for one in said]


def _letter(one: Said) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName>"
        f"<FromUserName><![CDATA[{one.by}]]></FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{one.text}]]></Content><MsgId>{one.number}</MsgId>"
        f"<AgentID>{AGENT}</AgentID></xml>"
    )


def _xml(encrypted: str) -> tuple[str, str]:
    body = (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName>"
        f"<Encrypt><![CDATA[{encrypted}]]></Encrypt><AgentID>{AGENT}</AgentID></xml>"
    )
    return body, encrypted


def _frame(one: Said) -> str:
    frame = {
        "msgid": one.number,
        "aibotid": BOT,
        "chattype": "single",
        "from": {"userid": one.by},
        "create_time": int(time.time()),
        "msgtype": "text",
        "text": {"content": one.text},
    }
    return json.dumps(frame, ensure_ascii=False)


def _sealed(encrypted: str) -> tuple[str, str]:
    return json.dumps({"encrypt": encrypted}), encrypted


def _request(path: str, body: str, encrypted: str) -> bytes:
    stamp, nonce = str(int(time.time())), secrets.token_hex(5)
    told = {"msg_signature": signature(stamp, nonce, encrypted), "timestamp": stamp, "nonce": nonce}
    raw = body.encode()
    head = (
        f"POST {path}?{urlencode(told)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: text/xml\r\nContent-Length: {len(raw)}\r\n\r\n"
    )
    return head.encode() + raw
