"""What docs/long-lists.md types is what made its tables."""

import pytest

from docs.generate_reckoning import PAGE, page


@pytest.mark.thorough
def test_what_is_reckoned_on_the_page_is_what_the_command_prints() -> None:
    reckoned = page()
    assert PAGE.read_text(encoding="utf-8") == reckoned, "make docs"
    assert "| at 1 a second | 11.6 |" in reckoned
