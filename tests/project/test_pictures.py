"""The pictures of the README and of docs/: as they are made now, small, shown, said in words."""

import re
from collections.abc import Iterator
from pathlib import Path

from docs.generate_pictures import FOLDER, LADDER, ROOT, drawn
from tests.to_write import nothing_to_write

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
MOST_BYTES, MOST_BYTES_IN_ALL = 150_000, 600_000


def shown() -> Iterator[tuple[Path, str]]:
    """Each picture that a page shows, and what is said of it."""
    for page in PAGES:
        text = page.read_text("utf-8")
        for said, path in re.findall(r"!\[(.*?)\]\((\S+?)\)", text):
            yield (page.parent / path).resolve(), said
        for path, said in re.findall(r'<img src="(\S+?)".*? alt="(.*?)"', text):
            yield (page.parent / path).resolve(), said
        for path in re.findall(r'srcset="(\S+?)"', text):
            yield (page.parent / path).resolve(), "as its light one"


def test_the_ladder_is_as_it_is_drawn_now() -> None:
    assert LADDER.read_text("utf-8") == drawn(), "stale: run `make pictures`"


def test_pictures_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in FOLDER.iterdir()}
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}
    assert sum(sizes.values()) < MOST_BYTES_IN_ALL


def test_each_picture_is_shown_and_is_said_in_words() -> None:
    pictures, there = dict(shown()), {*FOLDER.iterdir()}
    wrong = [
        *(f"{path.name} is on no page: show it, or delete it" for path in there - pictures.keys()),
        *(f"{path.name} is shown, and is not there" for path in pictures.keys() - there),
        *(
            f"{path.name}: write alt text where it is shown"
            for path in pictures
            if not pictures[path]
        ),
    ]
    nothing_to_write("docs/pictures", sorted(wrong))


def test_the_readme_begins_with_the_phone_in_a_call() -> None:
    beginning = (ROOT / "README.md").read_text("utf-8").partition("\n## ")[0]
    assert re.findall(r'src="(.*?)"', beginning) == ["docs/pictures/phone-light.png"]
