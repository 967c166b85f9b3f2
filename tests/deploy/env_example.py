"""deploy/jingge.env.example, made from the tables of docs/wecom-setup.md (设置样例).

One source for what a setting means: the page. Where a value is secret the example names the file
that it belongs into instead. Run ``python -m tests.deploy.env_example`` after a setting changed.
"""

import re

from config.settings import Settings
from tests.docs.pages import ROOT, text
from tests.docs.test_settings_page import name_of

EXAMPLE = ROOT / "deploy" / "jingge.env.example"
_TITLE = re.compile(r"^\*\*(.+?)\*\*|^## \d+\. (.+)$")
_ROW = re.compile(r"^\| ((?:`\w+`\s*)+)\| (.+) \|$")
_LINK = re.compile(r"\[([^]]+)\]\([^)]+\)")
_OPEN_SECRETS = {"database_url", "redis_url"}  # addresses that carry a password
_HEAD = """\
# 警格的设置样例：抄成 /etc/jingge/jingge.env（权限 640，root:jingge），去掉要用的那几行前面的 #。
# 这个文件由 docs/wecom-setup.md 的表做成；哪个值在管理后台的哪一页，看那里。
# 保密的值不写在这里：一项一个文件放进 /etc/jingge/secrets/（目录 700，文件 600），文件里只有值，
# 由 LoadCredential=（systemd）或 JINGGE_CREDENTIALS_DIR（别的）交给程序。
"""


def made() -> str:
    """The whole file as it should be."""
    lines, title, told = [_HEAD], "", ""
    for line in text("wecom-setup.md").splitlines():
        if found := _TITLE.match(line):
            title = found[1] or found[2]
        elif found := _ROW.match(line):
            if title != told:
                lines.append(f"\n# ---- {title} ----\n")
                told = title
            lines += [_entry(name, found[2]) for name in re.findall(r"`(\w+)`", found[1])]
    return "\n".join(one.rstrip("\n") for one in lines) + "\n"


def _entry(name: str, cells: str) -> str:
    default, _, meaning = cells.rpartition(" | ")
    plain = _LINK.sub(r"\1", meaning).replace("`", "").replace("**", "")
    if _is_secret(name):
        return f"# {plain}\n#   {name} 保密：写进文件 {_file_of(name)}，不写在这里"
    value = default.strip().strip("`")
    return f"# {plain}\n#{name}={'' if value == '空' else value}"


def _file_of(name: str) -> str:
    return name.lower() if name.startswith("JINGGE_") else f"jingge_{name.lower()}"


def _is_secret(name: str) -> bool:
    field = next((one for one in Settings.model_fields if name_of(one) == name), "")
    hidden = "SecretStr" in str(Settings.model_fields[field].annotation) if field else False
    return hidden or field in _OPEN_SECRETS


def main() -> None:
    """Write the file anew."""
    EXAMPLE.write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
