"""Every page that people read, and what is on it: links, anchors, blocks of code."""

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

from tests.project.test_house import OURS, ROOT

NEW_PROJECT = ROOT / "emulator/offhook/command/new_project"
"""Its pages have words to be filled in."""

PAGES = [
    file
    for file in OURS
    if (file.suffix == ".md" or file.name == "llms.txt") and not file.is_relative_to(NEW_PROJECT)
]

FENCE = re.compile(r"^(```+)(\w*)(?: title=\"([^\"]+)\")?\n(.*?)^\1$", re.DOTALL | re.MULTILINE)
INDENTED = re.compile(r"(?<=\n\n)(?: {4,}\S.*\n(?:\n(?= {4}))?)+")
REMARK = re.compile(r"<!--.*?-->", re.DOTALL)
COMMENT = re.compile(r"<!-- (not run|before):\s((?:(?!-->).)*?)\s?-->\n*\Z", re.DOTALL)
"""What stands right above a block: why it does not run, or what runs before it."""


OTHERS = ("aws", "cd", "curl", "export", "git", "pip", "python", "sam")
"""What somebody types that is not ours: it needs an account, a network, a folder of theirs."""
OURS_TO_TYPE = ("make", "offhook", "pytest", "mypy", "lint-imports", "ruff")
TYPED = re.compile(rf"(\.venv(-sam)?/bin/)?({'|'.join((*OTHERS, *OURS_TO_TYPE))})\b")


class Block(NamedTuple):
    """A block of code of a page."""

    page: Path
    line: int
    language: str
    title: str
    """The name of the file that it is saved as; empty where it is none."""
    code: str
    not_run: str
    """Why not; empty where it runs."""
    before: str
    """What runs before it, and is of no interest there."""

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """Those of a page, in order."""
    text = page.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        said = COMMENT.search(text[: found.start()])
        kind, words = (said[1], said[2]) if said else ("", "")
        yield Block(
            page, line, found[2], found[3] or "", found[4],
            words if kind == "not run" else "", words if kind == "before" else "",
        )  # fmt: skip


def indented(page: Path) -> Iterator[Block]:
    """Code without a fence, which stands further in than the rest."""
    text = page.read_text(encoding="utf-8")
    for other in (FENCE, REMARK):
        text = other.sub(lambda found: "\n" * found[0].count("\n"), text)
    for found in INDENTED.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        code = dedent(found[0])
        language = "sh" if TYPED.match(code) else "text"
        yield Block(page, line, language, "", code, "", "")


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """What a link can lead to on a page: its headings, as GitHub and the site name them."""
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+?)$", prose(page), re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        name = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        again = sum(one == name or one.rpartition("-")[0] == name for one in found)
        found.add(f"{name}-{again}" if name in found else name)
    return found


def links(page: Path) -> Iterator[str]:
    """Where it leads, but for the rest of the world and what the reference knows by its name."""
    without = re.sub(r"`[^`\n]*`", "", prose(page))
    for link in re.findall(r"\]\(([^)\s]+)\)", without):
        if not re.match(r"[a-z]+:", link):
            yield link
