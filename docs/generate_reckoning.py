"""Writes what `offhook calls reckon` says of a million calls into `docs/calling-out.md`."""

import re
from pathlib import Path

from offhook.command.calls.reckon import lines
from offhook.production.calls.reckoned import Prices

PAGE = Path(__file__).resolve().parent / "calling-out.md"
RECKONED = re.compile(r"(?<=<!-- reckoned -->\n).*?(?=<!-- end of it -->)", re.DOTALL)


def reckoning() -> str:
    """The tables."""
    return "\n".join(["", *lines(1_000_000, 24, 0.5, Prices()), "", ""])


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(RECKONED.sub(lambda _: reckoning(), page), encoding="utf-8")
