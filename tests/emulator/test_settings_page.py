"""The page of the settings: made from the code, complete, and fresh."""

import pytest

from docs.generate_settings import CONFIDENCE, PAGE, SURE, page
from offhook.emulator.server.documents.docstrings import docs
from offhook.emulator.testing import Settings


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "docs/settings.md is stale: make docs"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_on_it_with_how_sure_we_are(name: str) -> None:
    text = docs(Settings).get(name, "")
    if not CONFIDENCE.search(text):
        sure = ", ".join(f"{words}." for words in SURE)
        pytest.fail(
            f"In emulator/offhook/emulator/settings.py, write a string below {name}: what it "
            f"decides, on what evidence, and how sure that makes us, which is one of: {sure}",
            pytrace=False,
        )
    assert f"| `{name}` |" in page()
