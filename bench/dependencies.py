"""Which packages run here, in which version, under which licence (用了哪些包).

``python -m bench.dependencies`` writes docs/dependencies.md from requirements/run.txt and from what
the packages say of themselves; tests/security/test_pins.py holds the page to both.
"""

import re
import sys
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).parents[1]
LOCK, PAGE = HERE / "requirements" / "run.txt", HERE / "docs" / "dependencies.md"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
_HEAD = """# 用了哪些包

`python -m bench.dependencies` 写出来的，不要手改。版本和校验值在 `requirements/run.txt`，
装的时候逐个核对（`--require-hashes`）；许可是各包自己声明的，“—”是这台机器用不着它。
网页上的 ECharts 和企业微信 JS-SDK 在 `package-lock.json`，同样带校验值。

有没有已知漏洞：**还没有查成**。2026-11 试过两次 `pip-audit`，用的软件源没有给漏洞数据，
每个试到的包都是 `Dependency not found on PyPI and could not be audited`。不加 `--strict`
（只试 pillow 一个），它把这个包列作跳过，写 `No known vulnerabilities found`，退出码是 0；
加了（整个 `requirements/run.txt`），第一个包就停，退出码是 1。所以看结果时别漏了“跳过”
那张表，在查得到数据的机器上这样跑：

```sh
uvx pip-audit --strict --disable-pip -r requirements/run.txt
```

查成以前，靠的是：版本钉死、校验值逐个核对、`npm ci` 不跑脚本、包尽量少
（`tests/security/test_pins.py`）；这些防得住被换掉的包，
防不住钉的那一版本身有毛病（见 [threats.md](threats.md)）。

| 包 | 版本 | 许可 |
|---|---|---|
"""
_LONGEST = 60


def pins(lock: str) -> dict[str, str]:
    """Version by name of every requirement in a lock file."""
    return dict(_PIN.findall(lock))


def licence_of(name: str) -> str:
    """What the package says; ``—`` where it is not installed here, or says nothing."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "—"
    classes = about.get_all("Classifier") or []
    named = [one.rsplit(" :: ", 1)[-1] for one in classes if one.startswith("License :: ")]
    stated, free = (_first(about.get_all(key)) for key in ("License-Expression", "License"))
    said = stated or ", ".join(named) or free
    return said.replace("|", "/")[:_LONGEST] or "—"


def _first(said: list[str] | None) -> str:
    return "".join((said or [""])[0].strip().splitlines()[:1])


def page() -> str:
    """The page as it should stand."""
    rows = pins(LOCK.read_text(encoding="utf-8"))
    lines = (f"| {name} | {version} | {licence_of(name)} |\n" for name, version in rows.items())
    return _HEAD + "".join(lines)


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(HERE)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
