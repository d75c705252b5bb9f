"""Phones in pages of Chromium, in a process: `python -m benchmarks.pages URL PAGES SECONDS`.

Each dials, with its microphone on. Printed is a line when all are up (starting Chromium takes all
there is of a processor), and as JSON how late each frame came from then on, in milliseconds, as the
page itself has it; nothing where there is no Chromium.
"""

import json
import sys
from itertools import chain

from benchmarks.lines import OURS

SETTLES_MS = 2_000
FLAGS = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)


def main(url: str, pages: int, seconds: float) -> None:
    """All of them at once, in one browser."""
    try:
        from playwright.sync_api import sync_playwright

        from tests.browser.conftest import FLAGS as QUIET
        from tests.browser.conftest import chromium
    except ModuleNotFoundError:
        return
    if chromium() is None:
        return
    with (
        sync_playwright() as driver,
        driver.chromium.launch(executable_path=chromium(), args=[*QUIET, *FLAGS]) as browser,
    ):
        opened = [browser.new_context().new_page() for _ in range(pages)]
        for number, page in enumerate(opened):
            page.goto(url)
            page.wait_for_selector("#me:not([value=''])", state="attached")
            page.fill("#me", f"+1555012{number:04}")
            page.press("#me", "Tab")
            page.click("#microphone")
            page.wait_for_selector('#microphone[aria-pressed="true"]')
            page.fill("#to", OURS)
            page.click("#call-button")
        for page in opened:
            page.wait_for_selector('#phone[data-state="up"]')
        opened[0].wait_for_timeout(SETTLES_MS)
        for page in opened:
            page.evaluate("(offhook.sound.late = [], offhook.sound.begins())")
        print("up", flush=True)
        opened[0].wait_for_timeout(seconds * 1000)
        late = [page.evaluate("offhook.sound.late") for page in opened]
    print(json.dumps([*chain(*late)]))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
