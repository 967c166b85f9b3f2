"""``make bundle`` (离线包): everything that a machine without a registry needs, as one archive.

Program files by ``git archive``, wheels of the locked run requirements for the platforms below, the
scripts of the pages, ``install.sh`` and the SHA-256 of every file. Needs pip's registry once, git,
and nothing else; what is published as source only (jieba) is built here. No secret and no data are
in it. Run by the Makefile.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

from pip._vendor.packaging.markers import Marker

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "dist"
LOCKED = ROOT / "requirements" / "run.txt"
BUILD = ROOT / "requirements" / "build.txt"
PYTHONS = ("3.11", "3.12", "3.13")
MACHINES = ("x86_64", "aarch64")
# glibc of the wheels that may be taken; install.sh asks for 2.28 (Debian 10, openEuler 20).
_GLIBC = ("2_5", "2_12", "2_17", "2_24", "2_26", "2_27", "2_28")
_LEFT_OUT = ("tests", "corpus", "training", "bench", ".ci", "docs/img")
_MISSING = re.compile(r"No matching distribution found for ([\w.-]+)==")
_BLOCK = re.compile(
    r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)(?: ; ([^\\\n]+?))? \\\n((?:    --hash.*\n)+)", re.M
)


def main() -> int:
    """Build it and say where it lies and what is missing in it."""
    commit = _git("rev-parse", "--short=10", "HEAD").strip()
    name = f"jingge-{_version()}-{commit}"
    with tempfile.TemporaryDirectory(prefix="jingge-bundle-") as scratch:
        folder = Path(scratch) / name
        _program(folder / "program")
        gaps = _wheels(folder / "wheels", Path(scratch))
        (folder / "requirements.txt").write_text(_locked_again(folder / "wheels"), "utf-8")
        (folder / "TARGETS").write_text(_targets(gaps), "utf-8")
        shutil.copy(ROOT / "deploy" / "install.sh", folder)
        _sums(folder)
        made = _packed(folder)
    _say(f"做好了：{made}（{made.stat().st_size // 2**20} MB）")
    for target, names in gaps.items():
        if names:
            _say(f"{target} 没有现成的包：{'、'.join(names)}；这种机器上装不了。")
    return 0


def _program(folder: Path) -> None:
    """The committed files, and the pages' scripts that npm brought."""
    folder.mkdir(parents=True)
    archive = folder.with_suffix(".tar")
    _git("archive", "--format=tar", f"--output={archive}", "HEAD", *_kept())
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    archive.unlink()
    vendor = ROOT / "static" / "vendor"
    if any(vendor.glob("*.js")):
        shutil.copytree(vendor, folder / "static" / "vendor", dirs_exist_ok=True)
    else:
        _say("static/vendor 是空的：图那一页只有表，侧边栏用“复制”。先 make vendor 再做一次就有。")


def _kept() -> list[str]:
    return ["--", ".", *(f":(exclude){one}" for one in _LEFT_OUT)]


def _wheels(folder: Path, scratch: Path) -> dict[str, list[str]]:
    """Fetch them; by target, the names that could not be had."""
    folder.mkdir()
    builder = scratch / "builder"
    venv.create(builder, with_pip=True)
    python = str(builder / "bin" / "python")
    _pip(python, "install", "--require-hashes", "-r", str(BUILD))
    built = _built(python, folder, scratch)
    gaps = {}
    for machine in MACHINES:
        for version in PYTHONS:
            wanted = [one for one in _requirements(version, machine) if one[0] not in built]
            gaps[_tag(version, machine)] = _fetched(
                python, wanted, version, machine, folder, scratch
            )
    return gaps


def _built(python: str, folder: Path, scratch: Path) -> set[str]:
    """Names of what is published as source only, built into wheels."""
    only_source = {"jieba"}
    path = scratch / "source.txt"
    blocks = [text for name, text in _requirements(PYTHONS[0], MACHINES[0]) if name in only_source]
    path.write_text("".join(blocks), "utf-8")
    more = ("--no-deps", "--no-build-isolation", "--use-pep517", "--require-hashes")
    _pip(python, "wheel", *more, "--wheel-dir", str(folder), "-r", str(path))
    return only_source


def _fetched(
    python: str,
    wanted: list[tuple[str, str]],
    version: str,
    machine: str,
    folder: Path,
    scratch: Path,
) -> list[str]:
    """Fetch the wheels of one target; names of those that nobody published for it."""
    gone: list[str] = []
    path = scratch / "wanted.txt"
    platforms = [f"--platform=manylinux_{one}_{machine}" for one in _GLIBC]
    platforms += [f"--platform=manylinux{one}_{machine}" for one in ("1", "2010", "2014")]
    abis = [f"--abi=cp{version.replace('.', '')}", "--abi=abi3", "--abi=none"]
    while True:
        path.write_text("".join(text for name, text in wanted if name not in gone), "utf-8")
        done = _pip(
            python, "download", "--no-deps", "--require-hashes", "--only-binary=:all:",
            *platforms, *abis, "--implementation=cp", f"--python-version={version}",
            "--dest", str(folder), "-r", str(path), is_sure=False,
        )  # fmt: skip
        if not done.returncode:
            return gone
        missing = _MISSING.search(done.stderr)
        if missing is None or missing[1] in gone:
            raise SystemExit(f"pip 没有取到 {_tag(version, machine)} 的包：\n{done.stderr[-800:]}")
        gone.append(missing[1])


def _requirements(version: str, machine: str) -> list[tuple[str, str]]:
    """Name and locked lines, without marker, of what that Python on that machine needs."""
    about = {
        "python_version": version, "python_full_version": f"{version}.9",
        "platform_machine": machine, "sys_platform": "linux", "platform_system": "Linux",
        "implementation_name": "cpython", "platform_python_implementation": "CPython",
    }  # fmt: skip
    found = []
    for name, exact, marker, hashes in _BLOCK.findall(LOCKED.read_text("utf-8")):
        if not marker or Marker(marker.strip()).evaluate(about):
            found.append((name, f"{name}=={exact} \\\n{hashes}"))
    return found


def _locked_again(wheels: Path) -> str:
    """The locked requirements; what was built here has the hash of what was built here."""
    text = LOCKED.read_text("utf-8")
    for wheel in wheels.glob("jieba-*.whl"):
        text = re.sub(
            r"^(jieba==\S+ \\\n)(?:    --hash.*\n)+",
            rf"\g<1>    --hash=sha256:{_sha256(wheel)}\n",
            text,
            flags=re.M,
        )
    return text


def _targets(gaps: dict[str, list[str]]) -> str:
    """A line for each machine on which everything is there."""
    return "".join(f"{target}\n" for target, names in gaps.items() if not names)


def _tag(version: str, machine: str) -> str:
    return f"cp{version.replace('.', '')} {machine}"


def _sums(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{_sha256(path)}  {path.relative_to(folder)}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(lines), "utf-8")


def _packed(folder: Path) -> Path:
    """The archive beside its own sum."""
    OUT.mkdir(exist_ok=True)
    made = OUT / f"{folder.name}.tar.gz"
    with tarfile.open(made, "w:gz", compresslevel=6) as packed:
        packed.add(folder, arcname=folder.name)
    made.with_name(f"{made.name}.sha256").write_text(f"{_sha256(made)}  {made.name}\n", "utf-8")
    return made


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _version() -> str:
    found = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.M)
    return found[1] if found else "0"


def _git(*words: str) -> str:
    done = subprocess.run(  # noqa: S603 our own words
        [shutil.which("git") or "git", *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


def _pip(python: str, *words: str, is_sure: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(  # noqa: S603 our own words
        [python, "-m", "pip", "--disable-pip-version-check", "--quiet", *words],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    if is_sure and done.returncode:
        raise SystemExit(f"pip {words[0]} 没有成功：\n{done.stderr[-800:]}")
    return done


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
