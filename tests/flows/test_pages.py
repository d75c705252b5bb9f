"""The flows that come with Offhook have a page each in `docs/flows/`, and the call on it is what
happens. Yours need none."""

from pathlib import Path

import pytest

from docs.generate_flows import LADDER, PAGES, ROOT, played


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
