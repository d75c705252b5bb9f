"""A desk with a phone, and pages at it whose microphone hears bursts of a tone."""

from array import array
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from math import pi, sin
from pathlib import Path
from typing import Any, TypeAlias
from wave import open as open_wav

import pytest
from playwright.sync_api import Browser, Page, Playwright

from offhook.emulator.function.in_process import InProcess
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.quotas import Quotas
from tests.browser.conftest import FLAGS, chromium
from tests.emulator.functions import Function
from tests.patience import until

OURS, SECOND = "+15550100100", "+15550100101"
FIRST_PHONE, SECOND_PHONE = "+15550100200", "+15550100201"
MICROPHONE_HERTZ = 700
HEARS = ("--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required")
ALLOWS = "--use-fake-ui-for-media-stream"
"""The page may have the microphone."""

Desks: TypeAlias = Callable[[Function | str], Server]
Visits: TypeAlias = Callable[..., Page]


@pytest.fixture(scope="session")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the microphone hears again and again: a second of bursts of a tone, as words are."""
    path = tmp_path_factory.mktemp("sound") / "microphone.wav"
    rate = 48_000
    samples = array(
        "h",
        (
            round(9000 * sin(2 * pi * MICROPHONE_HERTZ * n / rate)) if (n // 9600) % 2 else 0
            for n in range(rate)
        ),
    )
    with open_wav(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return path


@pytest.fixture(scope="session")
def browser(playwright: Playwright, microphone: Path) -> Iterator[Browser]:
    """One that gives its microphone to whoever asks."""
    flags = [*FLAGS, *HEARS, ALLOWS, f"--use-file-for-fake-audio-capture={microphone}"]
    with playwright.chromium.launch(executable_path=chromium(), args=flags) as started:
        yield started


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    """`desks(function)`: a desk whose two numbers a function answers; by its name, where another
    process is to find it too."""
    with ExitStack() as servers:

        def start(function: Function | str) -> Server:
            name = function if isinstance(function, str) else "nobody:asks"
            application = SipMediaApplication(numbers=(OURS, SECOND), function=name)
            desk = Desk.model_validate(
                {
                    "recordings": tmp_path / "recordings",
                    "prompts": tmp_path / "prompts",
                    "sip_media_applications": (application,),
                    "quotas": Quotas(enforced=False),
                    "explore": {"faults": 0},
                    "s3": {"endpoint": "folders"},
                }
            )
            answers = None if isinstance(function, str) else InProcess(function)
            return servers.enter_context(Server(desk, port=0, function=answers))

        yield start


@pytest.fixture
def visits(browser: Browser) -> Iterator[Visits]:
    """`visits(server)`: a page with a phone that is ready. Whatever a page asks of another machine,
    or says is wrong with itself, fails the test."""
    with ExitStack() as contexts:
        asked: list[str] = []
        complained: list[str] = []

        def open_page(server: Server, **how: Any) -> Page:
            context = contexts.enter_context(browser.new_context(**how))
            page = context.new_page()
            page.on("request", lambda request: asked.append(request.url))
            page.on("websocket", lambda socket: asked.append(socket.url))
            page.on("pageerror", lambda error: complained.append(str(error)))
            page.goto(server.endpoint)
            sees(page, "document.querySelector('#state').textContent === 'ready'")
            sees(page, "document.querySelector('#me').value !== ''")
            return page

        yield open_page
        assert complained == []
        here = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")
        assert [url for url in asked if not url.startswith(here)] == []


def dials(page: Page, number: str = OURS) -> None:
    """The page's phone dials."""
    page.fill("#to", number)
    page.click("#call-button")


def is_now(page: Page, state: str) -> None:
    """Wait for what the phone does: `idle`, `calling`, `ringing`, `up`."""
    page.wait_for_selector(f'#phone[data-state="{state}"]')


def sees(page: Page, expression: str) -> None:
    """Wait until something holds in the page, whose own rules let nobody evaluate text there."""
    until(lambda: bool(page.evaluate(expression)))


LISTENS = """async (seconds) => {
  const levels = [], data = new Float32Array(256), until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    offhook.sound.heard.getFloatTimeDomainData(data);
    levels.push([performance.now(), Math.sqrt(data.reduce((sum, one) => sum + one * one, 0) / data.length)]);
    await new Promise((next) => setTimeout(next, 10));
  }
  return levels;
}"""  # noqa: E501 - a script


def listens(page: Page, seconds: float) -> list[tuple[float, float]]:
    """What comes out of the page's loudspeaker: milliseconds, and the level from 0 to 1."""
    sees(page, "Boolean(offhook.sound.heard)")
    return [(at, level) for at, level in page.evaluate(LISTENS, seconds)]
