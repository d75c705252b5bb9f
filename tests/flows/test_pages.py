"""The flows that come with Offhook have a page each in `docs/flows/`, and the call on it is what
happens. Yours need none."""

from pathlib import Path

import pytest

from docs.generate_flows import LADDER, PAGES, ROOT, played
from docs.generate_maps import mapped
from offhook.emulator.viewer.page import HERE

MAPS = sorted(
    (page for page in PAGES if page.with_suffix(".html").exists()),
    key=lambda page: page.with_suffix(".html").stat().st_size,
)[:1]
"""The smallest; `make check` makes all of them anew."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_ladder_on_a_page_is_that_of_its_story(page: Path) -> None:
    assert (ROOT / "flows" / f"{page.stem}.py").exists(), (
        f"docs/flows/{page.name} is about flows/{page.stem}.py, which is gone: delete the page too"
    )
    text = page.read_text(encoding="utf-8")
    assert LADDER.search(text) is not None, (
        f"docs/flows/{page.name} shows no ladder: put an empty ```text block below its story, then "
        "make docs"
    )
    assert text == played(text), f"docs/flows/{page.name} is stale: make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_page_has_a_map_that_todays_viewer_drew(page: Path) -> None:
    file = page.with_suffix(".html")
    assert file.exists(), f"docs/flows/{page.name} has no map: make docs"
    scripts = (HERE / "layout.js").read_text() + (HERE / "viewer.js").read_text()
    assert scripts in file.read_text(encoding="utf-8"), f"{file.name} is stale: make docs"
    assert file.stat().st_size < 400_000, f"{file.name} is too large for the docs"


@pytest.mark.parametrize("page", MAPS, ids=lambda page: page.stem)
def test_a_map_is_that_of_its_flow(page: Path) -> None:
    drawn = page.with_suffix(".html").read_text(encoding="utf-8")
    assert drawn == mapped(page), "the maps in docs/flows are stale: make docs"
