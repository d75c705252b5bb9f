"""Whoever opens the site reads and searches it without a network. `make site` has built it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from docs.generate_flows import ROOT
from tests.project.test_versions import KEPT, of

SITE = ROOT / "build" / "site"
WORDS = ("hang_up", "other_party", "carry_on", "bridge_to_agent", "Voicemail", "Unsettled")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """The first page. Whatever is asked for beyond the site fails the test."""
    if not SITE.exists():
        pytest.fail("make site", pytrace=False)
    asked: list[str] = []

    def ask(route: Route, its: Request) -> None:
        if its.url.startswith(SITE.as_uri()):
            route.continue_()
        else:
            asked.append(its.url)
            route.abort()

    with browser.new_context() as context:
        context.route("**/*", ask)
        page = context.new_page()
        page.goto((SITE / "index.html").as_uri())
        yield page
        assert asked == []


def test_a_word_is_searched_and_its_page_opened(page: Page) -> None:
    for word in WORDS:
        page.goto((SITE / "index.html").as_uri())
        page.keyboard.press("/")
        page.locator("[data-md-component=search-query]").press_sequentially(word)
        found = page.locator(".md-search-result__link").first
        expect(found).to_be_attached()
        address = str(found.evaluate("one => one.href")).partition("?")[0]
        text = (SITE / address.removeprefix(f"{SITE.as_uri()}/")).read_text()
        assert word.lower() in text.lower()


def test_no_page_loads_anything_from_elsewhere() -> None:
    loads = re.compile(
        r'<(?:script|img|iframe|link(?! rel="?canonical))\b[^>]*\b(?:src|href)="?(https?:)?//'
    )
    found = [str(file) for file in SITE.rglob("*.html") if loads.search(file.read_text())]
    assert found == []


def test_each_picture_is_where_its_page_looks_for_it() -> None:
    shown = re.compile(r'<(?:img|source)\b[^>]*\bsrc(?:set)?="([^":]+)"')
    pictures = [
        file.parent / picture
        for file in SITE.rglob("*.html")
        for picture in shown.findall(file.read_text())
    ]
    assert SITE / "pictures" / "phone-dark.png" in pictures
    assert [str(picture) for picture in pictures if not picture.is_file()] == []


@pytest.mark.parametrize("room", ["offhook.handler", "offhook.emulator.testing", "offhook.actions"])
def test_everything_public_is_on_a_page(room: str) -> None:
    names = set(of(KEPT[-1], "imports")[room])
    pages = {file: file.read_text() for file in SITE.glob("reference/*.html")}
    pages[SITE / "actions.html"] = (SITE / "actions.html").read_text()
    shown = {
        heading.rpartition(".")[2]
        for text in pages.values()
        for heading in re.findall(r'<h\d id="([\w.]+)"', text)
    }
    lower = {name.lower() for name in shown}  # the page of actions has headings of its own
    assert sorted(name for name in names if name.lower() not in lower) == []
