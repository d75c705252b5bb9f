"""Writes into `docs/long-lists.md` what the command that it types there prints."""

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

from offhook.command.main import main

PAGE = Path(__file__).resolve().parent / "long-lists.md"
TYPED = re.compile(r"offhook (calls reckon .*)")
PRINTED = re.compile(r"(?<=<!-- reckoned -->\n).*?(?=<!-- end of it -->)", re.DOTALL)


def page() -> str:
    """The page, with what is printed now."""
    text, printed = PAGE.read_text(encoding="utf-8"), io.StringIO()
    with redirect_stdout(printed):
        main(TYPED.findall(text)[0].split())
    return PRINTED.sub(lambda _: f"\n{printed.getvalue()}\n", text, count=1)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
