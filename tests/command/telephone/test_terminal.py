"""The telephone at the terminal, in a real one: a pseudo-terminal, a process, and real time.

About `offhook.command.telephone.keyboard`.
"""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.patience import PATIENCE_SECONDS

APP = """
# Twenty seconds of so quick a voice: nobody is so late that there is nothing left to interrupt.
MENU = "Press one or two, " + "or 2, " * 150 + "or six."
ENDPOINT = {"BridgeEndpointType": "PSTN", "Uri": "+15550100300"}
CALLED = {"CallerIdNumber": "+15550100101", "Endpoints": [ENDPOINT]}
BRIDGE = {"Type": "CallAndBridge", "Parameters": CALLED}
BOT = "arn:aws:lex:us-east-1:123456789012:bot-alias/BOOKS/PROD"
TALK = {"Type": "StartBotConversation", "Parameters": {"BotAliasArn": BOT}}

def handler(event, context):
    if event["InvocationEventType"] == "HANGUP":
        return {"SchemaVersion": "1.0"}
    digits = event.get("ActionData", {}).get("ReceivedDigits")
    if digits == "9":
        raise ValueError("nine")
    if digits == "2":
        return {"SchemaVersion": "1.0", "Actions": [BRIDGE]}
    if digits == "3":
        record = {"Type": "RecordAudio", "Parameters": {"SilenceDurationInSeconds": 1,
                  "RecordingTerminators": ["#"],
                  "RecordingDestination": {"Type": "S3", "BucketName": "messages"}}}
        return {"SchemaVersion": "1.0", "Actions": [record]}
    if digits == "4":
        return {"SchemaVersion": "1.0", "Actions": [TALK]}
    if event.get("ActionData", {}).get("Type") == "StartBotConversation":
        intent = event["ActionData"]["IntentResult"]["SessionState"]["Intent"]
        nights = ((intent["Slots"].get("Nights") or {}).get("Value") or {}).get("OriginalValue")
        speak = {"Type": "Speak", "Parameters": {"Text": f"{intent['Name']}, {nights}."}}
        return {"SchemaVersion": "1.0", "Actions": [speak, {"Type": "Hangup"}]}
    if event.get("ActionData", {}).get("Type") == "CallAndBridge":
        leg = event["CallDetails"]["Participants"][0]["CallId"]
        talks = {"Type": "S3", "Location": "talks"}
        record = {"CallId": leg, "Track": "BOTH", "Destination": talks}
        start = {"Type": "StartCallRecording", "Parameters": record}
        return {"SchemaVersion": "1.0", "Actions": [start]}
    if "Recording" in str(event.get("ActionData")):
        return {"SchemaVersion": "1.0"}
    said = {None: MENU, "1": "One it is."}.get(digits)
    words = {"Text": said or "Goodbye to you."}
    if said == "One it is." or not said:
        speak = {"Type": "Speak", "Parameters": words}
        return {"SchemaVersion": "1.0", "Actions": [speak, {"Type": "Hangup"}]}
    menu = {
        "SpeechParameters": words,
        "FailureSpeechParameters": words,
        "MaxNumberOfDigits": 1,
        "RepeatDurationInMilliseconds": 9000,
    }
    menu = {"Type": "SpeakAndGetDigits", "Parameters": menu}
    return {"SchemaVersion": "1.0", "Actions": [menu]}
"""
TALK = """
import fcntl, runpy, signal, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C is a signal, as in any terminal
signal.signal(signal.SIGINT, signal.default_int_handler)  # also in the background
runpy.run_module("offhook.command.main", run_name="__main__", alter_sys=True)
"""


class Terminal:
    """Somebody at a terminal, who types and sees."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", TALK, "call", *arguments],
            cwd=folder,
            env={**os.environ, "OFFHOOK_WORDS_PER_MINUTE": "900", "NO_COLOR": "1"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self.screen = ""

    def sees(self, text: str) -> None:
        """Read until a text is on the screen."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while text not in self.screen:
            assert self._read(deadline), f"the process ended without {text!r}:\n{self.screen}"

    def types(self, keys: str) -> None:
        """Type keys, as bytes of a terminal."""
        os.write(self._master, keys.encode())

    def insists(self, key: str) -> None:
        """Type a key until the process ends: `input` misses a signal just before it reads."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            self.types(key)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(3)
                return

    def ends(self) -> int:
        """Read until the process has ended; its exit code."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._read(deadline):
            pass
        assert "Traceback" not in self.screen, self.screen
        assert "\x1b[" not in self.screen, "NO_COLOR"
        return self._process.wait(PATIENCE_SECONDS)

    def close(self) -> None:
        """End the process, if a failed test has left it."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._master)

    def _read(self, deadline: float) -> bool:
        patience = max(0, deadline - time.monotonic())
        ready, _, _ = select.select([self._master], [], [], patience)
        assert ready, f"nothing more comes:\n{self.screen}"
        try:
            found = os.read(self._master, 4096)
        except OSError:  # Linux: nobody has the other side open any more
            return False
        self.screen += found.decode(errors="replace").replace("\r\n", "\n")
        return bool(found)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Open a terminal in a folder with an application of two numbers, and call it."""
    (tmp_path / "at_the_terminal.py").write_text(APP)
    (tmp_path / "offhook.toml").write_text(
        '[[sip_media_applications]]\nnumbers = ["+15550100101", "+15550100102"]\n'
        'function = "at_the_terminal:handler"\n'
    )
    with ExitStack() as open_ones:

        def call(*arguments: str) -> Terminal:
            opened = Terminal(tmp_path, *arguments)
            open_ones.callback(opened.close)
            return opened

        yield call


def test_enter_dials_words_appear_and_a_key_interrupts(terminal: Callable[..., Terminal]) -> None:
    caller = terminal()
    caller.sees("1  +15550100101  default")
    caller.sees("2  +15550100102  ")
    caller.sees("Dial [+15550100101]: ")
    caller.types("\r")
    caller.sees("dials +15550100101")
    caller.sees("hears “Press one")
    assert "six." not in caller.screen
    caller.types("1")
    caller.sees("presses 1")
    caller.sees("“One it is.”")
    assert caller.ends() == 0
    lines = caller.screen.splitlines()
    (pressed,) = [number for number, line in enumerate(lines) if "presses 1" in line]
    assert lines[pressed - 1].endswith(" ...")
    assert "is hung up by the application" in caller.screen
    assert lines[-1].endswith("the call is over")


@pytest.fixture
def rings(terminal: Callable[..., Terminal]) -> Terminal:
    """A call that rings somebody, for whom the person at the terminal answers too."""
    caller = terminal("--to", "+15550100101")
    caller.sees("hears “Press")
    caller.types("2")
    caller.sees("LEG-B  rings: a answers, d declines")
    return caller


@pytest.fixture
def bridged(rings: Terminal) -> Terminal:
    """A call of two legs, recorded."""
    rings.types("a")
    rings.sees("is bridged with LEG-A")
    rings.sees("is recorded (BOTH)")
    rings.sees("ACTION_SUCCESSFUL 4")  # nothing comes into what is said after that
    return rings


def test_both_sides_of_a_bridge_are_spoken_for_and_the_recording_is_shown(
    bridged: Terminal,
) -> None:
    bridged.types("sHello, Ben.\r")
    bridged.sees("LEG-A  says “Hello, Ben.”")
    bridged.types("\t")
    bridged.sees("keys are LEG-B's now")
    bridged.types("sHello, Ana.\r")
    bridged.sees("LEG-B  says “Hello, Ana.”")
    bridged.types("h")
    bridged.sees("LEG-B  hangs up")
    bridged.sees("LEG-B has left, LEG-A is still up: keys are LEG-A's now")
    bridged.types("\t")
    bridged.sees("LEG-B is not on the line: keys stay LEG-A's")
    bridged.types("h")
    assert bridged.ends() == 0
    # What there is to mend may follow: that the flow left LEG-A to itself, if it had the time to.
    assert any(
        line.startswith("recorded: recordings/talks/") for line in bridged.screen.splitlines()
    )


@pytest.fixture
def asked(terminal: Callable[..., Terminal]) -> Terminal:
    """A call that has come to a bot which nobody has scripted."""
    caller = terminal("--to", "+15550100101")
    caller.sees("hears “Press")
    caller.types("4")
    caller.sees("BOOKS/PROD: which intent, as in  BookRoom Nights=2 : ")
    return caller


def test_who_is_at_the_keyboard_says_what_a_bot_has_understood(asked: Terminal) -> None:
    asked.types("Book Nights\r")
    asked.sees("that is no intent: write its name, then slots as name=value")
    asked.types('Book Nights="two or three"\r')
    asked.sees("“Book, two or three.”")
    assert asked.ends() == 0


@pytest.mark.thorough
def test_a_bot_that_is_left_with_escape_has_understood_nothing(asked: Terminal) -> None:
    asked.types("Boo\x1b")
    asked.sees("“FallbackIntent, None.”")
    assert asked.ends() == 0


@pytest.mark.thorough
def test_a_caller_may_leave_while_the_bot_thinks(asked: Terminal) -> None:
    asked.types("Book\x03")
    assert asked.ends() == 0


@pytest.mark.thorough
def test_ctrl_c_ends_a_call_of_two_legs(bridged: Terminal) -> None:
    bridged.types("\x03")
    assert bridged.ends() == 0
    assert "LEG-A  hangs up" in bridged.screen
    assert "LEG-B  hangs up" in bridged.screen


@pytest.mark.thorough
def test_the_far_end_declines(rings: Terminal) -> None:
    rings.types("d")
    rings.sees("LEG-B  declines with 486")
    rings.types("d")
    rings.sees("nothing rings")
    rings.types("h")
    assert rings.ends() == 0


@pytest.mark.thorough
def test_there_is_no_changing_to_a_leg_that_nobody_is_on(rings: Terminal) -> None:
    rings.types("\t")
    rings.sees("LEG-B is not on the line: keys stay LEG-A's")
    rings.types("\x03")
    assert rings.ends() == 0


@pytest.mark.thorough
def test_an_update_is_typed_in_peace(bridged: Terminal) -> None:
    bridged.types("u")
    bridged.sees('update the call, as in  name=value name="two words" : ')
    bridged.types("why\r")
    bridged.sees("'why' is no name=value: the update was not sent")
    bridged.types('uwhy="in a hurry\r')
    bridged.sees('a " is not closed: the update was not sent')
    bridged.types("u\x1b")
    bridged.sees(" (nothing)")
    bridged.types('uwhy="in a hurrx\x7fy" who=Ana\r')
    bridged.sees("CALL_UPDATE_REQUESTED")
    bridged.types("\x03")
    assert bridged.ends() == 0
    _before, typed = bridged.screen.split("who=Ana")
    assert "an update of the call is requested" in typed


@pytest.mark.thorough
def test_what_happens_while_a_line_is_typed_is_shown_afterwards(
    terminal: Callable[..., Terminal],
) -> None:
    caller = terminal("--to", "+15550100101")
    caller.sees("hears “Press")
    caller.types("1u")
    caller.sees("two words")
    assert caller.ends() == 0  # the call ends meanwhile
    _before, after = caller.screen.split('"two words" : ')
    assert "“One it is.”" in after
    assert "the call is over" in after


@pytest.mark.thorough
def test_an_arrow_is_no_key_of_a_telephone(terminal: Callable[..., Terminal]) -> None:
    caller = terminal("--to", "+15550100101")
    caller.sees("hears “Press")
    caller.types("\x1b[A")
    caller.sees("that is no key of a telephone")
    caller.types("h")
    assert caller.ends() == 0


@pytest.mark.thorough
@pytest.mark.parametrize("key", ["h", "\x03"], ids=["h", "Ctrl-C"])
def test_a_key_hangs_up(terminal: Callable[..., Terminal], key: str) -> None:
    caller = terminal("--to", "+15550100102")
    caller.sees("hears “Press")
    caller.types(key)
    assert caller.ends() == 0
    assert "LEG-A  hangs up" in caller.screen
    assert caller.screen.splitlines()[-1].endswith("the call is over")


@pytest.mark.thorough
def test_a_number_is_chosen_by_its_place_or_asked_for_again(
    terminal: Callable[..., Terminal],
) -> None:
    caller = terminal()
    caller.sees("Dial [+15550100101]: ")
    caller.types("7\r")
    caller.sees("7 is not one of our numbers: type 1 to 2, or Enter for 1.")
    caller.types("²\r")
    caller.sees("² is not one of our numbers")
    caller.types("2\r")
    caller.sees("dials +15550100102")
    caller.sees("hears “Press")
    caller.types("h")
    assert caller.ends() == 0


@pytest.mark.thorough
@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_nothing_is_dialled_after_all(terminal: Callable[..., Terminal], key: str) -> None:
    caller = terminal()
    caller.sees("Dial [+15550100101]: ")
    caller.insists(key)
    assert caller.ends() == 130


@pytest.mark.thorough
def test_other_keys_are_none_of_a_telephone_and_a_failing_function_drops_the_call(
    terminal: Callable[..., Terminal],
) -> None:
    caller = terminal("--to", "+15550100101")
    caller.sees("hears “Press")
    caller.types("x")
    caller.sees("x is no key of a telephone")
    caller.sees("u updates the call, a answers")
    caller.types("9")
    caller.sees("480, the call is dropped: the function failed — ValueError: nine")
    assert caller.ends() == 1


@pytest.mark.thorough
def test_somebody_is_called_and_answers(terminal: Callable[..., Terminal]) -> None:
    callee = terminal("--outbound", "--argument", "name=Ada")
    callee.sees("+15550100101 calls +15550100200")
    callee.sees("rings: a answers, d declines")
    callee.types("a")
    callee.sees("hears “Press")
    callee.types("h")
    assert callee.ends() == 0


@pytest.mark.thorough
def test_who_is_typing_what_they_say_is_not_silent(terminal: Callable[..., Terminal]) -> None:
    caller = terminal("--to", "+15550100101")
    caller.sees("hears “Press")
    caller.types("3")
    caller.sees("is recorded to s3://messages/")
    caller.types("s")
    for key in "This is Ada.":  # a slow typist: the silence that ends it is a second long
        caller.types(key)
        time.sleep(0.15)
    caller.types("\r")
    caller.sees("says “This is Ada.”")
    caller.sees("s of voice in")
    assert "nobody said anything" not in caller.screen
    caller.types("h")
    assert caller.ends() == 0
