"""The page of the settings: made from the code, complete, and fresh."""

from docs.generate_schemas import docs
from docs.generate_settings import CONFIDENCE, PAGE, page
from offhook.emulator.testing import Settings


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "docs/settings.md is stale: make docs"


def test_every_setting_is_on_it_with_how_sure_we_are() -> None:
    told = docs(Settings)
    assert list(told) == list(Settings.model_fields)
    for name, text in told.items():
        assert CONFIDENCE.search(text), name
        assert f"| `{name}` |" in page()
