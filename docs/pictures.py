"""The pictures of the README and of the pages here: `make pictures`. What is on a screen, Chromium
takes, light and dark; what is drawn, `generate_pictures` writes."""

import io
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, TypeAlias

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from docs import generate_pictures
from docs.generate_pictures import FOLDER, ROOT
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import load
from offhook.emulator.service.described import DEFAULT
from offhook.emulator.service.far_ends import NeverAnswers
from tests.browser.conftest import FLAGS, NOT_LOOKED_AT, chromium
from tests.browser.phone.conftest import ALLOWS, HEARS, dials, is_now, sees

Scheme: TypeAlias = Literal["light", "dark"]

SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
MENU: Final = "+15550100101"
"""The reception: a menu, and somebody to be put through to."""
WIDE, NARROW, OF_A_MAP = (1360, 860), (390, 844), (1440, 620)
MOMENT: Final = "2027-03-01T10:00"
COLOURS: Final = 256
"""As many a picture of a page needs: a third of the bytes, and no difference that is seen."""


def make() -> None:
    """Write all of them. Raises `SystemExit` where there is no Chromium."""
    if chromium() is None:
        raise SystemExit(NOT_LOOKED_AT)
    generate_pictures.write()
    desk = load(ROOT).model_copy(update={"state": None})
    with Server(desk, port=0) as server, sync_playwright() as driver:
        server.service.far_ends[DEFAULT] = NeverAnswers()
        flags = [*FLAGS, *HEARS, ALLOWS]
        with driver.chromium.launch(executable_path=chromium(), args=flags) as browser:
            for scheme in SCHEMES:
                with _page(browser, scheme, WIDE) as page:
                    _a_call(page, server, f"phone-{scheme}", f"phone-map-{scheme}")
                    if scheme == "light":
                        _its_story(page)
                with _page(browser, scheme, OF_A_MAP) as page:
                    _a_map(page, f"map-{scheme}")
            with _page(browser, "dark", NARROW) as page:
                _a_call(page, server, "phone-narrow")


@contextmanager
def _page(browser: Browser, scheme: Scheme, size: tuple[int, int]) -> Generator[Page]:
    width, height = size
    with browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme
    ) as context:
        yield context.new_page()


def _a_call(page: Page, server: Server, name: str, its_map: str = "") -> None:
    """The caller asks for somebody, who is rung; then hangs up."""
    page.goto(f"{server.endpoint}/_offhook/phone/#at={MOMENT}")
    sees(page, "document.querySelector('#state').textContent === 'ready'")
    dials(page, MENU)
    is_now(page, "up")
    sees(page, "document.querySelector('#runs').textContent.includes('GetDigits')")
    page.keyboard.press("1")
    sees(page, "document.querySelector('#runs').textContent.includes('CallAndBridge')")
    page.wait_for_timeout(2500)
    _picture(page, name)
    if its_map:
        page.click("#map")
        sees(page, "/is in situation/.test(document.querySelector('#map-says').textContent)")
        page.frame_locator("#map-frame").locator(".here").wait_for()
        _picture(page, its_map, "#map-part")
    page.click("#hang-up")
    is_now(page, "idle")


def _its_story(page: Page) -> None:
    page.wait_for_selector("#story:not([hidden])")
    page.click("#story")
    sees(page, "document.querySelector('#story-text').textContent !== ''")
    _picture(page, "story", "#story-dialog")


def _a_map(page: Page, name: str) -> None:
    """The reception's, and the ladder of one way through it."""
    page.goto((ROOT / "docs" / "flows" / "reception.html").as_uri())
    page.locator(".way", has_text="presses 1").first.click()
    page.locator("#scroll").evaluate("(around) => around.scrollBy(230, 0)")
    _picture(page, name)


def _picture(page: Page, name: str, part: str = "body") -> None:
    """The screen, or a part of it."""
    whole = page.screenshot() if part == "body" else page.locator(part).screenshot()
    image = Image.open(io.BytesIO(whole)).convert("RGB")
    small = image.quantize(COLOURS, kmeans=1, dither=Image.Dither.NONE)
    small.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    os.chdir(Path(__file__).parents[1])
    make()
