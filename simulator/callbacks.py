"""Posts signed and encrypted callbacks to the bot, with WeCom's deadline and retries.

Transport time is real: 5 s for an answer, then the connection is cut; messages get three more
tries, clicks of robots none. The passive reply is checked and handed back decrypted; what was
given up goes into the books. Called by the app's and the robots' callback doors.
"""

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp

from simulator.crypto import BadCipher, Envelope
from simulator.faults import Fault
from simulator.limits import RULES
from simulator.sim import Sim

Sealed = tuple[str, str, str, str]  # encrypt, signature, timestamp, nonce


@dataclass(frozen=True)
class Receiver:
    """One callback URL and the two forms of its envelope.

    ``wrap`` turns the encrypted text into a body, ``unwrap`` takes (encrypt, signature, timestamp,
    nonce) out of a passive reply and raises ValueError for anything else.
    """

    door: str
    url: str
    envelope: Envelope
    content_type: str
    wrap: Callable[[str], str]
    unwrap: Callable[[str], Sealed]


@dataclass(frozen=True)
class Parcel:
    """What is delivered: plain text, how often it is tried, whom it concerns (for faults).

    ``msgid``: the line of the timeline that it carries, if it carries one. ``ends`` grows by a word
    for each request: an HTTP status, ``late`` (no status within the deadline) or ``refused``.
    """

    plain: str
    tries: int
    user: str
    chat: str
    msgid: str = ""
    ends: list[str] = field(default_factory=list)


class Postman:
    """Delivers parcels; one session for the whole run."""

    def __init__(self, sim: Sim) -> None:
        self._sim = sim
        self._session: aiohttp.ClientSession | None = None

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            # a kept-alive connection to a bot that was restarted would lose a click
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        return self._session

    async def close(self) -> None:
        """Give the connections back."""
        if self._session:
            await self._session.close()

    async def deliver(self, to: Receiver, parcel: Parcel) -> str | None:
        """The decrypted passive reply, or None: an empty answer, or never answered with 200."""
        waits = self._sim.pace.retry_waits_s
        for attempt in range(parcel.tries):
            if attempt:
                await asyncio.sleep(waits[min(attempt - 1, len(waits) - 1)])
            answer = await self._attempt(to, parcel)
            if answer is not None:
                return answer or None
        if "200" not in parcel.ends:
            self._sim.books.gave_up(to.door, parcel.msgid, parcel.chat, parcel.user, parcel.ends)
        return None

    async def _attempt(self, to: Receiver, parcel: Parcel) -> str | None:
        fault = self._sim.faults.take("callback", {parcel.user}, {parcel.chat})
        if fault and fault.do == "delay":
            await asyncio.sleep(fault.delay_s)
        if fault and fault.do in ("drop_request", "refuse", "silent"):
            return None
        sealed = self._seal(to, parcel.plain)
        if fault and fault.do == "duplicate":
            first, _ = await asyncio.gather(
                self._post(to, parcel, sealed, fault), self._post(to, parcel, sealed, fault)
            )
            return first
        answer = await self._post(to, parcel, sealed, fault)
        lost = fault is not None and fault.do in ("drop_answer", "error", "http", "cut")
        return None if lost else answer

    def _seal(self, to: Receiver, plain: str) -> Sealed:
        encrypt = to.envelope.encrypt(plain)
        stamp, nonce = str(int(self._sim.clock.seconds())), os.urandom(8).hex()
        return encrypt, to.envelope.sign(stamp, nonce, encrypt), stamp, nonce

    async def _post(
        self, to: Receiver, parcel: Parcel, sealed: Sealed, fault: Fault | None
    ) -> str | None:
        encrypt, signed, stamp, nonce = sealed
        deadline_s = self._sim.pace.callback_deadline_s
        if fault and fault.do == "cut":
            deadline_s = min(deadline_s, fault.delay_s or 0.05)
        began, end = time.monotonic(), "refused"
        try:
            async with self._http().post(
                to.url,
                params={"msg_signature": signed, "timestamp": stamp, "nonce": nonce},
                data=to.wrap(encrypt).encode(),
                headers={"Content-Type": to.content_type},
                timeout=aiohttp.ClientTimeout(total=deadline_s),
            ) as answer:
                end = str(answer.status)
                body = (await answer.read()).decode(errors="replace")
                return self._open(to, body, nonce) if answer.status == 200 else None
        except TimeoutError:
            end = end if end.isdigit() else "late"
            if not fault:
                took = time.monotonic() - began
                self._sim.broke("callback_late", to.door, f"no answer after {took:.1f} s")
        except aiohttp.ClientError:
            return None  # nobody there: the same to WeCom as any other failed try
        finally:
            parcel.ends.append(end)
        return None

    def _open(self, to: Receiver, body: str, nonce: str) -> str:
        if not body.strip() or body.strip() == "success":
            return ""
        try:
            encrypt, signed, stamp, given = to.unwrap(body)
        except ValueError:
            self._sim.broke("passive_form", to.door, f"{len(body)} characters")
            return ""
        try:
            plain = to.envelope.open_signed(encrypt, signed, stamp, given)
        except BadCipher as bad:
            self._sim.broke("passive_signature", to.door, str(bad))
            return ""
        if to.door == "robot_callback" and given != nonce:
            self._sim.broke("passive_signature", to.door, "nonce is not that of the request")
        return plain

    async def verify(self, to: Receiver) -> bool:
        """Ask the URL to prove itself, as the console does when an admin saves it."""
        echo = os.urandom(8).hex()
        encrypt, signed, stamp, nonce = self._seal(to, echo)
        params = {"msg_signature": signed, "timestamp": stamp, "nonce": nonce, "echostr": encrypt}
        timeout = aiohttp.ClientTimeout(total=float(RULES["echo_late"].number))
        try:
            async with self._http().get(to.url, params=params, timeout=timeout) as answer:
                said = await answer.read()
        except TimeoutError:
            self._sim.broke("echo_late", to.door, to.url)
            return False
        except aiohttp.ClientError:
            return False
        if said != echo.encode():
            self._sim.broke("echo_wrong", to.door, f"{len(said)} bytes")
            return False
        return True
