"""Whoever opens a map finds their way about in it: in a browser, dark and light.

About `offhook.emulator.viewer.page`.
"""

from collections.abc import Iterator
from importlib.resources import files
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from docs.generate_flows import ROOT

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
MAP = ROOT / "docs" / "flows" / "reception.html"
OVERLAP = """() => {
  const all = [...document.querySelectorAll(".box")].map((box) => box.getBoundingClientRect());
  return all.some((a, i) => all.slice(i + 1).some((b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom));
}"""

JUDGED = """() => axe.run().then(({ violations }) =>
  violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html}`))"""


@pytest.fixture(params=SCHEMES)
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The map of the reception. What it asks for or complains of fails the test."""
    asked: list[str] = []
    said: list[str] = []

    def ask(route: Route, its: Request) -> None:
        if its.url == MAP.as_uri():
            route.continue_()
        else:
            asked.append(its.url)
            route.abort()

    size = {"width": 1600, "height": 900}
    with browser.new_context(color_scheme=request.param, viewport=size) as context:  # type: ignore[arg-type]
        context.route("**/*", ask)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(MAP.as_uri())
        yield page
        assert (asked, said) == ([], [])


def test_a_map_opens_and_no_box_is_on_another(page: Page) -> None:
    assert page.locator(".box").count() > 10
    expect(page.locator("#panel")).to_contain_text("explored to the end")
    assert not page.evaluate(OVERLAP)
    page.get_by_label("disturbances").check()
    assert not page.evaluate(OVERLAP)
    expect(page.locator(".box").first).to_be_in_viewport()


def test_what_is_searched_is_found_and_can_be_gone_to(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("leave a message")
    expect(page.locator("#matches")).to_contain_text("found")
    assert 0 < page.locator(".box.match").count() < page.locator(".box").count()
    page.keyboard.press("Enter")
    expect(page.locator("#matches")).to_contain_text("1 of")
    expect(page.locator("#panel")).to_contain_text("Ladder of the shortest way here")


def test_what_can_happen_shows_its_ladder_by_mouse_and_by_key(page: Page) -> None:
    row = page.locator(".way", has_text="presses 2").first
    row.click()
    ladder = page.locator("#panel .ladder")
    expect(ladder).to_contain_text("+15550100200 dials +15550100101")
    expect(ladder).to_contain_text("presses 2")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_contain_text("Summary")
    row.focus()
    page.keyboard.press("Enter")
    expect(ladder).to_contain_text("presses 2")


def test_everybody_can_read_it(page: Page) -> None:
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text())
    assert page.evaluate(JUDGED) == []
    page.locator(".way").first.click()
    assert page.evaluate(JUDGED) == []
