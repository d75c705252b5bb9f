"""Every state of the page, wide and narrow, light and dark: axe-core finds nothing in any.

OFFHOOK_PICTURES=folder keeps a picture of each, for somebody to look at.
"""

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
from playwright.sync_api import Page, expect

from offhook.actions import CallAndBridge, Hangup, Pause, RecordAudio, Speak
from offhook.emulator.service.far_ends import NeverAnswers
from tests.browser.phone.conftest import OURS, SECOND, Desks, Visits, dials, is_now, sees
from tests.browser.phone.told import MENU
from tests.emulator.functions import reply

axe: Any = import_module("axe_playwright_python.sync_playwright")  # it carries no types

Looks: TypeAlias = Callable[[str], None]
FRIEND: Final = "+15550100400"
BRIDGE: Final = CallAndBridge(call_timeout_seconds=60, caller_id_number=OURS, uri=FRIEND)
RECORD: Final = RecordAudio(
    duration_in_seconds=1,
    recording_destination="s3://offhook-recordings",
    recording_terminators=["#"],
)


def function(event: Any, _context: object) -> object:
    """A menu; then a friend is called; the second number breaks."""
    to = event["CallDetails"]["Participants"][0]["To"]
    kind = event["InvocationEventType"]
    data: Mapping[str, object] = event.get("ActionData") or {}
    if to == SECOND and kind == "NEW_INBOUND_CALL":
        print("Looking for the caller's order...")
        raise LookupError("there is no order 7")
    match kind, data.get("Type"):
        case "NEW_INBOUND_CALL", _:
            return reply(
                Speak(text="Welcome to the workshop."), MENU, TransactionAttributes={"n": 1}
            )
        case "ACTION_SUCCESSFUL", "SpeakAndGetDigits":
            print("The caller has pressed", data["ReceivedDigits"])
            attributes = {"n": 2, "order": data["ReceivedDigits"]}
            return reply(RECORD, BRIDGE, TransactionAttributes=attributes)
        case "CALL_UPDATE_REQUESTED", _:
            return reply({"Type": "Speak", "Parameters": {"Text": "Goodbye."}}, Hangup())
        case "CALL_ANSWERED", _:
            return reply(
                Speak(text="Your bicycle is ready."), Pause(duration_in_milliseconds=9_000)
            )
        case _:
            return reply()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_every_state_can_be_used_by_everybody(
    desks: Desks, visits: Visits, width: int, scheme: str
) -> None:
    server = desks(f"{__name__}:function")
    server.service.default_far_end = NeverAnswers()
    page = visits(server, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.context.grant_permissions([])
    looks = _looking(page, f"{width}-{scheme}")
    _calls_and_is_put_through(page, looks)
    _goes_wrong(page, looks)
    _is_called(page, looks)
    server.stop()
    sees(page, "document.querySelector('#state').textContent.startsWith('The desk is away')")
    looks("away")


def _calls_and_is_put_through(page: Page, looks: Looks) -> None:
    looks("idle")

    dials(page)
    is_now(page, "up")
    sees(page, "document.querySelector('#runs').textContent.startsWith('SpeakAndGetDigits')")
    looks("up")
    page.keyboard.press("1")
    page.keyboard.press("2")
    sees(page, "document.querySelector('#runs').textContent.startsWith('CallAndBridge')")
    looks("bridging")
    page.get_by_role("button", name="Answer, for LEG-B").click()
    page.wait_for_selector('[aria-label="Words, or keys, of LEG-B"]')
    page.fill('[aria-label="Words, or keys, of LEG-B"]', "Who is there?")
    page.get_by_role("button", name="Say, for LEG-B").click()
    sees(page, "document.querySelector('#words').textContent === '“Who is there?”'")
    looks("bridged")
    page.focus("#map")
    page.keyboard.press("Enter")
    sees(page, "/is in situation \\d+/.test(document.querySelector('#map-says').textContent)")
    box = page.frame_locator("#map-frame").locator(".box.here")
    expect(box).to_contain_text("silence")
    expect(box).to_be_in_viewport()
    looks("map")
    page.click("#map")
    expect(page.locator("#map-part")).to_be_hidden()
    for each in ("update", "out", "fault", "far"):
        page.click(f"#{each}-part summary")
    page.fill("#fault-name", "slow=1")
    page.click("#fault button")
    expect(page.locator("#faults li span")).to_have_text("slow=1")
    page.fill("#fault-name", "Speak=AccessDenied:1")
    page.keyboard.press("Enter")
    expect(page.locator("#faults li")).to_have_count(2)
    looks("forms")
    page.get_by_role("button", name="Take back slow=1").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#faults li")).to_have_text(["Speak=AccessDenied:1Take back"])
    expect(page.locator("#faults button")).to_be_focused()
    page.click("#well")
    expect(page.locator("#faults li")).to_have_count(0)
    page.fill("#update-pairs", "what=end")
    page.click("#update button")
    is_now(page, "idle")
    page.get_by_role("button", name="Hang up, for LEG-B").click()
    page.wait_for_selector("#story:not([hidden])")
    looks("over")
    page.click("#story")
    page.wait_for_selector("#story-dialog[open]")
    sees(page, "document.querySelector('#story-text').textContent !== ''")
    looks("story")
    page.click("#close-story")


def _goes_wrong(page: Page, looks: Looks) -> None:
    dials(page, SECOND)
    page.wait_for_selector("#history .dropped")
    sees(page, "!document.querySelector('#finding-list').hidden || true")
    looks("dropped")
    dials(page, "+15550100999")
    page.wait_for_selector("#wrong:not([hidden])")
    looks("wrong")


def _is_called(page: Page, looks: Looks) -> None:
    page.fill("#out-to", page.input_value("#me"))
    page.click("#out button")
    is_now(page, "ringing")
    looks("ringing")
    page.click("#answer")
    is_now(page, "up")
    looks("answered")
    page.click("#hang-up")
    is_now(page, "idle")


def _looking(page: Page, how: str) -> Looks:
    folder = os.environ.get("OFFHOOK_PICTURES")

    def look(state: str) -> None:
        if folder:
            path = Path(folder) / f"{state}-{how}.png"
            page.screenshot(path=path, full_page=True)
        wide = "[document.documentElement.scrollWidth, window.innerWidth]"
        needs, has = page.evaluate(wide)
        assert needs <= has, f"{state}, {how}: {needs} px wide"
        found = axe.Axe().run(page)
        faults = [
            f"{one['id']}: {node['html'][:120]} {node['any'][:1]}"
            for one in found.response["violations"]
            for node in one["nodes"]
        ]
        assert not faults, f"{state}, {how}: " + "\n".join(faults)

    return look
