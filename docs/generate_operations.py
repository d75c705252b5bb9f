"""Makes the table of operations in `docs/emulator.md` from the functions behind them."""

import re
from collections.abc import Iterator
from pathlib import Path

from offhook.emulator.server.api.model import load_model
from offhook.emulator.server.api.operations import find
from offhook.emulator.server.api.server import GONE
from offhook.emulator.server.documents.docstrings import words

PAGE = Path(__file__).with_name("emulator.md")

TABLE = re.compile(r"(?<=^\| operation \| what it does \|\n\|---\|---\|\n)(^\|.*\n)*", re.MULTILINE)


def page() -> str:
    """The whole page, with the table of today."""
    return TABLE.sub("".join(f"{row}\n" for row in rows()), PAGE.read_text(encoding="utf-8"))


def rows() -> Iterator[str]:
    """A row for each operation, family by family, in the order of the files; one for the others."""
    for name, run in find().items():
        yield f"| {name} | {words(run.__doc__)} |"
    others = sorted(
        name
        for name, operation in load_model().operations.items()
        if name not in find() and GONE not in operation.model.documentation
    )
    if others:
        yield f"| *not emulated* | {', '.join(others)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
