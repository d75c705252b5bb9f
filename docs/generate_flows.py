"""Plays the call on each page of `docs/flows/`, and writes its ladder."""

import re
from pathlib import Path

from flows.app import lambda_handler
from offhook.emulator.service.config import load
from offhook.emulator.testing import Phone, PhoneCall

ROOT = Path(__file__).resolve().parents[1]
PAGES = tuple(sorted((ROOT / "docs" / "flows").glob("*.md")))

STORY = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LADDER = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def played(page: str) -> str:
    """The page, with the ladder of its story: the first blocks of Python and of text."""
    story = STORY.search(page)
    assert story is not None, "the page tells no story"
    with Phone(lambda_handler, desk=load(ROOT), seed=0) as phone:
        told: dict[str, object] = {"phone": phone}
        exec(story[1], told)
        calls = [one for one in told.values() if isinstance(one, PhoneCall)]
    ladders = ("\n".join(map(str, call.ladder.entries)) for call in calls)
    block = "```text\n{}\n```".format("\n\n".join(ladders))
    return LADDER.sub(lambda _: block, page, count=1)


if __name__ == "__main__":
    for file in PAGES:
        file.write_text(played(file.read_text(encoding="utf-8")), encoding="utf-8")
