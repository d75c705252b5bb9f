"""Makes the table of operations in `docs/emulator.md` from the functions behind them."""

import re
from collections.abc import Iterator
from pathlib import Path

from offhook.emulator.server.api.operations import find
from offhook.emulator.server.documents.docstrings import words

PAGE = Path(__file__).with_name("emulator.md")

TABLE = re.compile(r"(?<=^\| operation \| what it does \|\n\|---\|---\|\n)(^\|.*\n)*", re.MULTILINE)


def page() -> str:
    """The whole page, with the table of today."""
    return TABLE.sub("".join(f"{row}\n" for row in rows()), PAGE.read_text(encoding="utf-8"))


def rows() -> Iterator[str]:
    """A row for each operation, family by family, in the order of the files."""
    for name, run in find().items():
        yield f"| {name} | {words(run.__doc__)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
