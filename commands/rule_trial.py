"""Tries a changed site (试算): what ``check`` says, last week, what becomes weaker.

The change is one file proposed on a page, or whatever was edited by hand on the disk: the same
guard looks at both, against a copy of the rules in force (``config.rule_copies``).

``tried`` is the work itself; ``try_apart`` does it in a process of its own, so that neither the
event loop nor the writer waits for it. Called by ``commands.rule_desk``.
"""

import asyncio
import difflib
import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from bot.domain import outbound, trying
from bot.domain.trials import Trial, trial_of
from bot.domain.trying import Said, Sort
from bot.domain.tuning import NEVER_LEARNT
from bot.engine.worker import grid_names
from commands.rules import own_sentences
from config.check import check_command
from config.load import FILES, load_rules, version_of
from config.rule_files import text_of
from config.rules import Rules

ROOT = Path(__file__).parents[1]
_LONGEST_S = 300.0
_MOST_LOST = 20
_NICE = 5
_MOST_FAULTS = 30
_MOST_LINES = 400
_GRAVE_TEXTS = "danger_"
_NO_COPY = "现在生效的规则没有留下底稿，比不出险情有没有变弱"


@contextmanager
def trial_site(site: Path, file: str, text: str) -> Iterator[Path]:
    """A copy of the site, with that file changed where one is named; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="jingge-trial-") as folder:
        trial = Path(folder) / site.name
        shutil.copytree(site, trial, ignore=shutil.ignore_patterns(".*"))
        if file:
            (trial / file).write_bytes(text.encode())
        yield trial


def version_with(site: Path, file: str, text: str) -> str:
    """The version of the site, once that file is changed. Raises: OSError."""
    with trial_site(site, file, text) as trial:
        return version_of(trial)


def site_faults(site: Path) -> tuple[str, ...]:
    """What ``check`` says against this folder; nothing when it is good."""
    out = io.StringIO()
    if check_command(site, out, _group_filter) == 0:
        return ()
    lines = out.getvalue().strip().splitlines()
    return tuple(line for line in lines[:-1] if line.strip())[:_MOST_FAULTS]


def tried(site: Path, file: str, text: str, lines: list[Said], force: Path | None) -> Trial:
    """What the folder with that change does, against ``force``: a copy of the rules in force.

    ``lines`` are last week's masked messages. Whatever else was edited on the disk counts as well.
    """
    with trial_site(site, file, text) as trial:
        faults = site_faults(trial)
        if faults:
            return Trial(faults=faults)
        new = load_rules(trial)
        old = load_rules(force) if force else None
        found = _compared(old, new, lines) if old else Trial(grave=(_NO_COPY,))
        files = _files_changed(force, trial) if force else ()
        diff = () if file or not force else tuple(_diff(force, trial, files))
    own, missed = _own(old or new, new)
    grave = (*found.grave, *missed)
    return replace(found, version=new.version, files=files, diff=diff, own=own, grave=grave)


def _own(old: Rules, new: Rules) -> tuple[tuple[tuple[str, str, str, str], ...], tuple[str, ...]]:
    """Own sentences that change or are wrong, and what to say where danger is missed anew."""
    now = {one.text: one for one in own_sentences(new)}
    asked = replace(old, sentences=new.sentences)
    pairs = [(one, now[one.text]) for one in own_sentences(asked)]
    seen = [pair for pair in pairs if pair[0].found != pair[1].found or not pair[1].is_right]
    missed = sum(one.lost and not was.lost for was, one in pairs)
    words = (f"本所自己的测试句里有 {missed} 句险情，改后读不出来或降了一级",) if missed else ()
    return tuple((one.text, one.wanted, was.found, one.found) for was, one in seen), words


def _compared(old: Rules, new: Rules, lines: list[Said]) -> Trial:
    grave = _grave(old, new)
    if old.reading == new.reading:
        return Trial(looked_at=len(lines), counts=dict.fromkeys(Sort, 0), grave=grave)
    secret = NEVER_LEARNT | {c.code for c in old.reading.categories if c.protected}
    grids = {chat: grid_names(old, chat) for chat in {line.chat for line in lines}}
    counts, shown = trying.compared(lines, old.reading, new.reading, dict(grids), secret)
    at = lines[0].at if lines else datetime.now().astimezone()
    sentences = trying.danger_sentences(old.reading)
    lost = trying.lost(sentences, at, old.reading, new.reading)
    if lost:
        grave = (f"险情词变少了：{len(lost)} 句原来读成险情的话，改后读不出来或降了一级", *grave)
    if counts[Sort.DANGER_LOST]:
        weaker = f"上周有 {counts[Sort.DANGER_LOST]} 条险情，改后读不出来或降了一级"
        grave = (weaker, *grave)
    return Trial(
        looked_at=len(lines),
        counts={sort.value: count for sort, count in counts.items()},
        shown=tuple(shown),
        grave=grave,
        lost=tuple(lost[:_MOST_LOST]),
    )


def _files_changed(force: Path, trial: Path) -> tuple[str, ...]:
    texts = ((name, text_of(force, name), text_of(trial, name)) for name in FILES)
    return tuple(name for name, was, now in texts if was != now)


def _diff(force: Path, trial: Path, files: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Lines with their sign, each file under its name; as many as a page shows."""
    left = _MOST_LINES
    for name in files:
        yield "@", name
        was, now = text_of(force, name).splitlines(), text_of(trial, name).splitlines()
        found = list(difflib.unified_diff(was, now, lineterm="", n=1))[2:][:left]
        left -= len(found)
        yield from ((line[:1], line[1:]) for line in found)


def _grave(old: Rules, new: Rules) -> tuple[str, ...]:
    """What no sentence can show: the words said in danger, and who is called how soon."""
    found = []
    keys = {*old.texts.sentences, *new.texts.sentences}
    said = [key for key in keys if key.startswith(_GRAVE_TEXTS)]
    if any(old.texts.sentences.get(key) != new.texts.sentences.get(key) for key in said):
        found.append("险情时对群众说的话改了（texts.yaml 的 danger_ 开头）")
    if old.crisis != new.crisis:
        found.append("险情怎么说、谁能去改了（crisis.yaml）")
    return tuple(found)


def _group_filter(rules: Rules, text: str) -> str:
    return outbound.for_group(text, outbound.published(rules))


async def try_apart(
    site: Path, file: str, text: str, lines: list[Said], force: Path | None
) -> Trial:
    """The same in a process of its own. Paths are absolute. Raises: TimeoutError, OSError."""
    given = {"site": str(site), "file": file, "text": text, "lines": _plain(lines)}
    given["force"] = str(force or "")
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "commands.rule_trial",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(_LONGEST_S):
            out, _ = await child.communicate(json.dumps(given).encode())
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await asyncio.shield(child.wait())
    if child.returncode:
        raise OSError(f"the trial ended with {child.returncode}")
    return trial_of(out.decode())


def _plain(lines: list[Said]) -> list[dict[str, object]]:
    return [{**asdict(line), "at": line.at.isoformat()} for line in lines]


def main() -> None:
    """Read what to try on stdin, write the trial on stdout; at the lowest place in the queue."""
    os.nice(_NICE)
    given = json.load(sys.stdin)
    lines = [Said(**{**x, "at": datetime.fromisoformat(x["at"])}) for x in given["lines"]]
    force = Path(given["force"]) if given["force"] else None
    found = tried(Path(given["site"]), given["file"], given["text"], lines, force)
    sys.stdout.write(found.to_json())


if __name__ == "__main__":
    main()
