"""A phone in a page of Chromium: what is heard, said and pressed there, measured on both sides.

About `offhook.emulator.viewer.files`, `offhook.emulator.server.phone.handset`,
`offhook.emulator.server.phone.page`, `offhook.emulator.media.browser`.
"""

import subprocess
import sys
from array import array
from math import cos, pi, sin, sqrt
from operator import mul
from pathlib import Path
from wave import open as open_wav

import pytest
from playwright.sync_api import Page, Playwright

from offhook.actions import (
    CallAndBridge,
    Hangup,
    Pause,
    PlayAudio,
    RecordAudio,
    Speak,
)
from offhook.emulator.call.call import Call
from offhook.emulator.call.sound import mixed
from offhook.emulator.media.pcm import tone
from offhook.emulator.server.listening import Server
from tests.browser.conftest import FLAGS, chromium
from tests.browser.phone import told
from tests.browser.phone.conftest import (
    ALLOWS,
    FIRST_PHONE,
    HEARS,
    MICROPHONE_HERTZ,
    OURS,
    SECOND_PHONE,
    Desks,
    Visits,
    dials,
    is_now,
    listens,
    sees,
)
from tests.browser.phone.told import MENU
from tests.emulator.functions import in_turn
from tests.patience import until

ROOT = Path(__file__).parents[3]


def last(server: Server) -> Call:
    return server.service.placed()[-1]


def has(server: Server, text: str) -> bool:
    return any(text in entry.text for entry in last(server).ladder.entries)


def loudness(samples: bytes) -> float:
    """The root of the mean square, from 0 to 1."""
    read = array("h", samples)
    return sqrt(sum(one * one for one in read) / max(1, len(read))) / 32768


def write_wav(path: Path, samples: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open_wav(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(samples)


def test_a_prompt_is_heard_as_loud_and_as_long_as_it_is(
    desks: Desks, visits: Visits, tmp_path: Path
) -> None:
    prompt = tone(440, 2.0, level=0.4)
    write_wav(tmp_path / "prompts" / "tone.wav", prompt)
    greeting = PlayAudio(audio_source="tone.wav")
    server = desks(in_turn([greeting, Pause(duration_in_milliseconds=9_000)]))
    page = visits(server)
    dials(page)
    levels = listens(page, 4.0)
    loud = [(at, level) for at, level in levels if level > 0.05]
    assert (loud[-1][0] - loud[0][0]) / 1000 == pytest.approx(2.0, abs=0.15)
    middle = sorted(level for _, level in loud)[len(loud) // 2]
    assert middle == pytest.approx(loudness(prompt), rel=0.05)
    assert page.inner_text("#words") == "♪ tone.wav"


def test_words_are_heard_and_shown(desks: Desks, visits: Visits) -> None:
    greeting = [Speak(text="Welcome to the workshop."), Pause(duration_in_milliseconds=9_000)]
    server = desks(in_turn(greeting))
    page = visits(server)
    dials(page)
    assert max(level for _, level in listens(page, 1.5)) > 0.01
    assert page.inner_text("#words") == "“Welcome to the workshop.”"
    assert "hears “Welcome to the workshop.”" in page.inner_text("#ladder")


def test_what_was_wrong_is_gone_when_the_next_number_is_called(
    desks: Desks, visits: Visits
) -> None:
    page = visits(desks(in_turn([Speak(text="Hello."), Pause(duration_in_milliseconds=9_000)])))
    dials(page, "555")
    page.wait_for_selector("#wrong:not([hidden])")
    dials(page)
    is_now(page, "up")
    assert page.is_hidden("#wrong")


def test_the_service_hears_the_microphone(desks: Desks, visits: Visits, tmp_path: Path) -> None:
    record = RecordAudio(
        duration_in_seconds=3,
        recording_destination="s3://offhook-recordings",
        recording_terminators=["#"],
    )
    server = desks(in_turn([record], [Hangup()]))
    page = visits(server)
    page.click("#microphone")
    page.wait_for_selector('#microphone[aria-pressed="true"]')
    dials(page)
    is_now(page, "up")
    is_now(page, "idle")
    (path,) = server.service.buckets.written
    with open_wav(str(path)) as file:
        assert file.getframerate() == 8000
        samples = file.readframes(file.getnframes())
    assert len(samples) / 16_000 == pytest.approx(3.0, abs=0.05)
    assert 0.02 < loudness(samples) < 0.5
    assert _share(samples, MICROPHONE_HERTZ) > 0.7
    page.wait_for_selector("#recordings audio")


def _share(samples: bytes, hertz: float) -> float:
    """How much of the energy of the loud parts is at a frequency, from 0 to 1."""
    read = array("h", samples)
    frames = [read[n : n + 160] for n in range(0, len(read) - 160, 160)]
    loud = [frame for frame in frames if max(frame) > 1500]
    waves = [[part(2 * pi * hertz * n / 8000) for n in range(160)] for part in (cos, sin)]
    at_it = sum(pow(sum(map(mul, frame, wave)), 2) / 80 for frame in loud for wave in waves)
    return float(at_it / sum(one * one for frame in loud for one in frame))


def test_each_key_arrives_once_by_mouse_and_by_keyboard(desks: Desks, visits: Visits) -> None:
    server = desks(in_turn([MENU], [Hangup()]))
    page = visits(server)
    dials(page)
    sees(page, "document.querySelector('#words').textContent !== ''")
    page.click('#keypad button[data-key="4"]')
    page.keyboard.press("7")
    is_now(page, "idle")
    assert last(server).told.events[1]["ActionData"]["ReceivedDigits"] == "47"  # type: ignore[index]
    assert page.inner_text("#tones") == "47"


def test_a_key_stops_a_prompt_at_once(desks: Desks, visits: Visits) -> None:
    server = desks(in_turn([MENU]))
    page = visits(server)
    dials(page)
    assert max(level for _, level in listens(page, 1.0)) > 0.01
    took = page.evaluate(
        """async () => {
          const began = performance.now();
          document.querySelector('#keypad button[data-key="1"]').click();
          while (offhook.sound.flushed < began) await new Promise((next) => setTimeout(next, 1));
          return offhook.sound.flushed - began;
        }"""
    )
    assert took < 60, f"{took} ms"
    assert max(level for _, level in listens(page, 1.0)[10:]) < 0.001
    assert has(server, "is cut")


def test_two_pages_are_bridged_and_hear_each_other(desks: Desks, visits: Visits) -> None:
    bridge = CallAndBridge(
        call_timeout_seconds=20,
        caller_id_number=OURS,
        uri=SECOND_PHONE,
    )
    server = desks(in_turn([bridge]))
    caller, callee = visits(server), visits(server)
    assert (caller.input_value("#me"), callee.input_value("#me")) == (FIRST_PHONE, SECOND_PHONE)
    for page in (caller, callee):
        page.click("#microphone")
        page.wait_for_selector('#microphone[aria-pressed="true"]')
    dials(caller)
    is_now(callee, "ringing")
    callee.click("#answer")
    is_now(callee, "up")
    until(lambda: has(server, "is bridged"))
    for page in (caller, callee):
        assert max(level for _, level in listens(page, 1.5)) > 0.02
    caller.click("#mute")
    callee.wait_for_timeout(300)
    assert max(level for _, level in listens(callee, 1.2)[20:]) < 0.001
    callee.fill("#say-words", "Who is there?")
    callee.press("#say-words", "Enter")
    sees(caller, "document.querySelector('#words').textContent === '“Who is there?”'")
    callee.click("#hang-up")
    is_now(callee, "idle")


def test_a_saved_story_passes(desks: Desks, visits: Visits, tmp_path: Path) -> None:
    server = desks(told.lambda_handler)
    page = visits(server)
    dials(page)
    sees(page, "document.querySelector('#words').textContent !== ''")
    page.keyboard.press("1")
    page.keyboard.press("2")
    is_now(page, "idle")
    page.click("#story")
    page.wait_for_selector("#story-dialog[open]")
    file = tmp_path / "test_call.py"
    file.write_text(page.inner_text("#story-text"), encoding="utf-8")
    assert 'call.interrupts("12"' in file.read_text(encoding="utf-8")
    run = [sys.executable, "-m", "pytest", "-q", "-c", "pyproject.toml", str(file)]
    handler = ["--handler", "tests.browser.phone.told:lambda_handler"]
    outcome = subprocess.run(
        [*run, *handler], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert outcome.returncode == 0, outcome.stdout


def test_who_closes_the_tab_has_hung_up(desks: Desks, visits: Visits) -> None:
    server = desks(in_turn([MENU]))
    page = visits(server)
    dials(page)
    is_now(page, "up")
    page.close()
    until(lambda: last(server).has_ended)
    assert last(server).told.events[-1]["InvocationEventType"] == "HANGUP"
    assert has(server, "the page of +15550100200 has gone")
    assert FIRST_PHONE not in server.service.far_ends


def test_a_desk_without_a_microphone_says_so(
    desks: Desks, playwright: Playwright, visits: Visits
) -> None:
    server = desks(in_turn([MENU]))
    with playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, *HEARS]) as strict:
        page: Page = strict.new_page()
        page.goto(server.endpoint)
        page.click("#microphone")
        sees(page, "document.querySelector('#sound-note').textContent !== ''")
        note = page.inner_text("#sound-note")
        assert note.startswith("No microphone: the browser was told not to give it to this page")
        dials(page)
        is_now(page, "up")


def test_tones_from_a_microphone_are_keys(
    desks: Desks, playwright: Playwright, tmp_path: Path
) -> None:
    pairs = {"1": (697, 1209), "5": (770, 1336)}
    tones = [mixed(*(tone(hertz, 0.12, level=0.2) for hertz in pairs[key])) for key in "15"]
    quiet = bytes(3200)
    write_wav(tmp_path / "keys.wav", quiet * 20 + tones[0] + quiet + tones[1] + quiet * 200)
    server = desks(in_turn([MENU], [Hangup()]))
    flags = [*FLAGS, *HEARS, ALLOWS]
    file = f"--use-file-for-fake-audio-capture={tmp_path / 'keys.wav'}"
    with playwright.chromium.launch(executable_path=chromium(), args=[*flags, file]) as started:
        page = started.new_page()
        page.goto(server.endpoint)
        sees(page, "document.querySelector('#state').textContent === 'ready'")
        dials(page)
        is_now(page, "up")
        page.click("#microphone")
        is_now(page, "idle")
    presses = [entry.text for entry in last(server).ladder.entries if entry.kind == "presses"]
    assert presses == ["presses 1", "presses 5"]


def test_all_of_it_goes_without_a_mouse(desks: Desks, visits: Visits) -> None:
    server = desks(in_turn([MENU], [Speak(text="Goodbye."), Pause(duration_in_milliseconds=9_000)]))
    page = visits(server)
    _tabs_to(page, "to")
    page.keyboard.press("Control+A")
    page.keyboard.type(OURS)
    page.keyboard.press("Enter")
    is_now(page, "up")
    sees(page, "document.querySelector('#words').textContent !== ''")
    assert page.evaluate("document.activeElement.id") == "hang-up"
    page.keyboard.press("4")
    page.keyboard.press("7")
    sees(page, "document.querySelectorAll('#ladder button').length === 2")
    _tabs_to(page, "say-words")
    page.keyboard.type("1 or 2?")
    page.keyboard.press("Enter")
    until(lambda: has(server, "says “1 or 2?”"))
    page.focus("#log")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    sees(page, "document.querySelector('#turn-title').textContent.startsWith('Event 1 of')")
    page.focus("#hang-up")
    page.keyboard.press("Enter")
    is_now(page, "idle")
    assert page.evaluate("document.activeElement.id") == "call-button"
    presses = [entry.text for entry in last(server).ladder.entries if entry.kind == "presses"]
    assert presses == ["presses 4", "presses 7"]


def _tabs_to(page: Page, name: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == name:
            return
    pytest.fail(f"Tab does not reach {name}")


def test_an_outbound_call_rings_and_is_declined(desks: Desks, visits: Visits) -> None:
    server = desks(in_turn())
    page = visits(server)
    page.click("#out-part summary")
    page.fill("#out-pairs", "name=Ada")
    page.click("#out button")
    is_now(page, "ringing")
    page.click("#busy")
    is_now(page, "idle")
    until(lambda: last(server).has_ended)
    assert last(server).legs[0].sip_response_code == 486
    data = last(server).told.events[0]["ActionData"]
    assert data["Parameters"]["Arguments"] == {"name": "Ada"}  # type: ignore[index]
