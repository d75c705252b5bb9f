"""Chromium at a page: Debian's or your own, none is downloaded."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

NOT_LOOKED_AT = (
    "not looked at: there is no Chromium on the PATH (Debian: apt install chromium), and "
    "OFFHOOK_CHROMIUM names none. OFFHOOK_NO_BROWSER=1 leaves these tests out"
)
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


def chromium() -> str | None:
    """The browser of this machine."""
    named = os.environ.get("OFFHOOK_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return named or next(filter(None, map(shutil.which, names)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Left out only where somebody says so."""
    if os.environ.get("OFFHOOK_NO_BROWSER"):
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=NOT_LOOKED_AT))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives the browser."""
    if chromium() is None:
        pytest.fail(NOT_LOOKED_AT, pytrace=False)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One for all tests."""
    with playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS]) as started:
        yield started
