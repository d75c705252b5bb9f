"""The pictures of docs/phone.md: the house's own flows on a phone, in Chromium. `make pictures`."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import load
from offhook.emulator.service.described import DEFAULT
from offhook.emulator.service.far_ends import NeverAnswers
from tests.browser.conftest import FLAGS, NOT_LOOKED_AT, chromium
from tests.browser.phone.conftest import ALLOWS, HEARS, dials, is_now, sees

FOLDER: Final = Path(__file__).parent / "pictures"
MENU: Final = "+15550100101"
"""The reception: a menu, and somebody to be put through to."""
SIZES: Final[Mapping[str, tuple[int, int]]] = {"wide": (1440, 900), "narrow": (390, 844)}
MOMENT: Final = "2027-03-01T10:00"


def make() -> None:
    """Write all of them. Raises `SystemExit` where there is no Chromium."""
    if chromium() is None:
        raise SystemExit(NOT_LOOKED_AT)
    FOLDER.mkdir(exist_ok=True)
    desk = load().model_copy(update={"state": None})
    with Server(desk, port=0) as server, sync_playwright() as driver:
        server.service.far_ends[DEFAULT] = NeverAnswers()
        flags = [*FLAGS, *HEARS, ALLOWS]
        with driver.chromium.launch(executable_path=chromium(), args=flags) as browser:
            _a_call(browser, server, "light", "wide")
            _a_call(browser, server, "dark", "narrow")


def _a_call(browser: Browser, server: Server, scheme: str, size: str) -> None:
    width, height = SIZES[size]
    with browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    ) as context:
        page = context.new_page()
        page.goto(f"{server.endpoint}/_offhook/phone/#at={MOMENT}")
        sees(page, "document.querySelector('#state').textContent === 'ready'")
        dials(page, MENU)
        is_now(page, "up")
        sees(page, "document.querySelector('#runs').textContent.includes('GetDigits')")
        page.wait_for_timeout(2500)
        _picture(page, f"phone-{size}")
        page.click("#hang-up")
        is_now(page, "idle")
        if size == "wide":
            page.wait_for_selector("#story:not([hidden])")
            page.click("#story")
            sees(page, "document.querySelector('#story-text').textContent !== ''")
            _picture(page, "story")


def _picture(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    os.chdir(Path(__file__).parents[1])
    make()
