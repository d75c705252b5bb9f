"""Each flow has a page in `docs/flows/`, and the call on it is what happens."""

from pathlib import Path

import pytest

from docs.generate_flows import LADDER, PAGES, ROOT, played

FLOWS = {file.stem for file in (ROOT / "flows").glob("*.py")} - {"__init__", "app"}


def test_every_flow_has_a_page() -> None:
    assert {page.stem for page in PAGES} == FLOWS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_ladder_on_a_page_is_that_of_its_story(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert LADDER.search(text) is not None
    assert text == played(text), f"docs/flows/{page.name} is stale: make docs"
