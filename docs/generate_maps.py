"""Explores each flow of `docs/flows/`, and draws the map of all its paths beside its page."""

import re
from dataclasses import replace
from pathlib import Path

from offhook.emulator.explore.drawn import drawn
from offhook.emulator.explore.jobs import chosen, explore
from offhook.emulator.explore.options import Options
from offhook.emulator.service.config import load
from offhook.emulator.viewer.page import page

ROOT = Path(__file__).resolve().parents[1]
PAGES = tuple(sorted((ROOT / "docs" / "flows").glob("*.md")))

DIALLED = re.compile(r"""phone\.(?:dials|rings)\((?:from_=)?["'](\+\d+)""")
"""The number of ours that the story of a page is about."""


def mapped(about: Path) -> str:
    """The map of a page's flow, whatever else answers calls: all that happens on its number."""
    text = about.read_text(encoding="utf-8")
    dialled = DIALLED.search(text)
    assert dialled is not None, f"{about.name} tells no story"
    desk = load(ROOT).with_function(f"flows.{about.stem}:router")
    (application,) = chosen(desk, dialled[1])
    options = replace(Options.of(desk.explore), seconds=None)
    document = drawn([explore(desk, application, options)], options)
    document["title"] = text.partition("\n")[0].removeprefix("# ")
    return page(document)


if __name__ == "__main__":
    for each in PAGES:
        each.with_suffix(".html").write_text(mapped(each), encoding="utf-8")
