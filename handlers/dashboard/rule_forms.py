"""Forms of the rules (改规则的表单): a whole file, the words of a class, one sentence, a sheet.

Whatever is written here becomes one ``Proposed``: the whole file as it should be, made from the
file on the disk at that moment. Nothing is written to the disk by a page.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from aiohttp import web
from aiohttp.web_request import FileField

from bot.door_events import Proposed
from config import rule_files, text_edit, word_edit
from config.load import FILES
from config.rights_rules import Page
from config.rules import Rules
from config.text_keys import GROUP, RESIDENT
from config.text_rules import SAMPLES
from config.word_edit import LISTS, Class, Uneditable
from handlers.dashboard import rule_sheets
from handlers.dashboard.entry import Seat
from handlers.dashboard.rule_sheets import BadSheet
from handlers.dashboard.shell import Shell

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_WHY = 200
_MOST_FOUND = 60
_WRONG = (Uneditable, BadSheet, text_edit.Unknown)
Made = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence of texts.yaml: as it stands, and as somebody would read it."""

    key: str
    sentence: str
    shown: str
    listener: str


class RuleForms:
    """Routes over one shell; part of the page of the rules."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the routes."""
        looks: Mapping[str, Callable[[web.Request, Seat], Awaitable[web.StreamResponse]]] = {
            "file": self.file, "words": self.words, "texts": self.texts, "sheet": self.sheet,
        }  # fmt: skip
        for name, look in looks.items():
            app.router.add_get(f"/rules/{name}", self._shell.page(Page.RULES, look))
        forms: Mapping[str, Callable[[web.Request, Seat], Awaitable[web.StreamResponse]]] = {
            "file": self.wrote_file, "words": self.wrote_words, "texts": self.wrote_text,
            "sheet": self.brought_sheet,
        }  # fmt: skip
        for name, form in forms.items():
            app.router.add_post(f"/rules/{name}", self._shell.form(Page.RULES, form))

    # -- looked at --------------------------------------------------------------------------

    async def file(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """The whole file as text."""
        name = _named(request.query.get("name", ""))
        text = await self._text(name)
        return self._shell.render(
            request, seat, "rule_file.html", file=name, text=text, base=rule_files.hash_of(text)
        )

    async def words(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """One class with its lists, and the others to choose from."""
        file = _word_file(request.query.get("file", ""))
        text = await self._text(file)
        found = await self._classes(file, text)
        at = request.query.get("at", "0")
        place = min(int(at) if at.isascii() and at.isdigit() else 0, len(found) - 1)
        return self._shell.render(
            request, seat, "rule_words.html",
            file=file, classes=found, it=found[place], base=rule_files.hash_of(text),
            names={one.id: one.name for one in self._rules().crisis.classes},
        )  # fmt: skip

    async def texts(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """Sentences as people read them, with samples; those that hold what was asked for."""
        asked = request.query.get("q", "").strip()[:40]
        text = await self._text("texts.yaml")
        found = await asyncio.to_thread(_spoken, text, self._rules().station.words, asked)
        return self._shell.render(
            request, seat, "rule_texts.html",
            found=found[:_MOST_FOUND], count=len(found), asked=asked,
            base=rule_files.hash_of(text),
        )  # fmt: skip

    async def sheet(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """The words of all classes as Excel; it stands in the book."""
        file = _word_file(request.query.get("file", ""))
        found = await self._classes(file, await self._text(file))
        await self._shell.looked(seat, f"导出词表 {file}")
        body = await asyncio.to_thread(rule_sheets.as_xlsx, file, found)
        name = quote(f"词表-{file.removesuffix('.yaml')}.xlsx")
        there = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return web.Response(body=body, content_type=_XLSX, headers=there)

    # -- written ----------------------------------------------------------------------------

    async def wrote_file(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """A whole file."""
        form = await request.post()
        text = _plain(form.get("text"))
        return await self._propose(request, seat, _named(_plain(form.get("name"))), lambda _: text)

    async def wrote_words(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """Lines of one class taken out (ticked) and put in (one a line)."""
        form = await request.post()
        file = _word_file(_plain(form.get("file")))
        at = _plain(form.get("at"))
        place = int(at) if at.isascii() and at.isdigit() else 0
        gone = [_plain(one) for one in form.getall("gone", [])]
        fresh = {field: _plain(form.get(f"add_{field}")).split("\n") for field, _ in LISTS[file]}
        return await self._propose(
            request, seat, file, lambda text: _edited(file, text, place, gone, fresh)
        )

    async def wrote_text(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """One sentence."""
        form = await request.post()
        key, sentence = _plain(form.get("which")), _plain(form.get("sentence"))
        return await self._propose(
            request, seat, "texts.yaml", lambda text: text_edit.with_sentence(text, key, sentence)
        )

    async def brought_sheet(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """A changed sheet of words."""
        form = await request.post()
        file, given = _word_file(_plain(form.get("file"))), form.get("sheet")
        body = given.file.read() if isinstance(given, FileField) else b""
        return await self._propose(request, seat, file, lambda text: _from_sheet(file, text, body))

    async def _propose(
        self, request: web.Request, seat: Seat, file: str, made: Made
    ) -> web.StreamResponse:
        """Make the file as it should become and post it; back to the page with the answer."""
        form = await request.post()
        before, base = await self._text(file), _plain(form.get("base"))
        why = " ".join(_plain(form.get("why")).split())[:_LONGEST_WHY]
        if base != rule_files.hash_of(before):
            said = f"{file}刚被别人改过，您的没有留下。请照现在的样子再改一次。"
            return self._shell.back_to("/rules", said)
        try:
            text = await asyncio.to_thread(made, before)
        except _WRONG as fault:
            return self._shell.back_to("/rules", f"没有改：{fault}。")
        said = await self._post(seat, file, before, text, why)
        return self._shell.back_to("/rules", said)

    async def _post(self, seat: Seat, file: str, before: str, text: str, why: str) -> str:
        engine = self._shell.engine
        event = Proposed(
            key=f"page:rules:{seat.session.key}:{secrets.token_hex(8)}",
            at=engine.clock.now(),
            by=seat.person.id,
            file=file,
            base=rule_files.hash_of(before),
            before=before,
            text=text,
            why=why,
        )
        return await self._shell.post(event)

    # -- read from the disk -----------------------------------------------------------------

    async def _text(self, file: str) -> str:
        try:
            return await asyncio.to_thread(rule_files.text_of, self._shell.site, file)
        except OSError as fault:
            raise web.HTTPServiceUnavailable(text=f"{file}现在读不出来，请管理员看看。") from fault

    async def _classes(self, file: str, text: str) -> list[Class]:
        try:
            found = await asyncio.to_thread(word_edit.classes, file, text)
        except Uneditable as fault:
            raise web.HTTPConflict(text=f"{fault}。") from fault
        if not found:
            raise web.HTTPConflict(text="这个文件里一类也没有，请在全文里改。")
        return found

    def _rules(self) -> Rules:
        return self._shell.engine.current_rules()


def _named(name: str) -> str:
    """Raises: 404, for what is no file of the rules."""
    if name not in FILES:
        raise web.HTTPNotFound(text="没有这个规则文件。")
    return name


def _word_file(name: str) -> str:
    """Raises: 404, for a file without lists of words."""
    if name not in word_edit.FILES:
        raise web.HTTPNotFound(text="这个文件没有词表。")
    return name


def _plain(given: Any) -> str:
    """A field of a form with the line ends of the files."""
    return given.replace("\r\n", "\n") if isinstance(given, str) else ""


def _edited(
    file: str, text: str, place: int, gone: list[str], fresh: Mapping[str, list[str]]
) -> str:
    for one in gone:
        field, _, word = one.partition(" ")
        text = word_edit.without_word(file, text, place, field, word)
    for field, lines in fresh.items():
        for line in (line for line in lines if line.strip()):
            text = word_edit.with_word(file, text, place, field, line)
    return text


def _from_sheet(file: str, text: str, body: bytes) -> str:
    wanted = rule_sheets.lists_of(file, body)
    found = word_edit.classes(file, text)
    known = {word_edit.key_of(one) for one in found}
    if strange := sorted({place for place, _ in wanted} - known):
        raise BadSheet(f"不认识“{strange[0]}”这一类，“哪一类”那一列请照原来的写")
    return word_edit.with_lists(file, text, wanted, found)


def _spoken(text: str, station: Mapping[str, str], asked: str) -> list[Spoken]:
    values = {**SAMPLES, **station}
    every = (
        Spoken(key, sentence, rule_files.filled(sentence, values), _listener(key))
        for key, sentence in rule_files.values_of(text).items()
    )
    return [one for one in every if asked in one.key or asked in one.sentence]


def _listener(key: str) -> str:
    if key in GROUP or (key.startswith("danger_") and key.endswith("_group")):
        return "群里"
    if key in RESIDENT or (key.startswith("danger_") and key.endswith("_private")):
        return "群众私下"
    return "工作人员"
