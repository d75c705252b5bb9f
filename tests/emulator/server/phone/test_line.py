"""The line of a page, by a client of its own: what it does, hears and is refused.

About `offhook.emulator.server.phone.messages`, `offhook.emulator.server.phone.shown`,
`offhook.emulator.server.phone.switchroom`, `offhook.emulator.server.phone.waiting`.
"""

import gc
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any, TypeAlias, cast

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from offhook.actions import Hangup, Pause, SendDigits, Speak, SpeakAndGetDigits
from offhook.emulator.call.span import FRAME_BYTES
from offhook.emulator.server.listening import Server
from offhook.emulator.server.phone.line import Line as TheirLine
from tests.emulator.functions import in_turn, reply
from tests.emulator.server.conftest import OURS, THEIRS, Serves
from tests.patience import PATIENCE_SECONDS, until

OTHER = "+15550100201"
STAYS = [Speak(text="Hello."), Pause(duration_in_milliseconds=30_000)]
Message: TypeAlias = Mapping[str, Any]


class Line:
    """A page without a browser."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[bytes] = []
        self.told: list[Message] = []

    def does(self, what: str, **more: object) -> None:
        """Say something."""
        self.socket.send(json.dumps({"Do": what, **more}))

    def hears(self, kind: str, **having: object) -> Message:
        """The next message of a kind with these values; frames before it are kept."""
        while True:
            received = self.socket.recv(PATIENCE_SECONDS)
            if isinstance(received, bytes):
                self.frames.append(received)
                continue
            message: Message = json.loads(received)
            self.told.append(message)
            if message["Is"] == kind and all(message[name] == v for name, v in having.items()):
                return message


@pytest.fixture
def lines() -> Iterator[Any]:
    """`lines(server)`: a page with a phone."""
    with ExitStack() as sockets:

        def open_line(server: Server, number: str = THEIRS, **how: Any) -> Line:
            url = server.endpoint.replace("http", "ws") + "/_offhook/phone/line"
            line = Line(sockets.enter_context(cast("ClientConnection", connect(url, **how))))
            line.does("be", Number=number)
            line.hears("phone", Number=number)
            return line

        yield open_line


def test_a_page_dials_hears_and_is_shown_the_call(serves: Serves, lines: Any) -> None:
    line = lines(serves(in_turn([Speak(text="Hello."), Hangup()])))
    line.does("dial", To=OURS)
    line.hears("phone", State="calling")
    line.hears("phone", State="up")
    assert line.hears("hears")["Text"] == "Hello."
    line.hears("phone", State="idle")
    assert {len(frame) for frame in line.frames} == {FRAME_BYTES}
    assert any(any(frame) for frame in line.frames)
    line.hears("calls")
    rows = [row["text"] for each in line.told for row in each.get("Rows", ())]
    assert any("hears “Hello.”" in row for row in rows)
    turns = [turn for each in line.told for turn in each.get("Turns", ())]
    assert turns[0]["Event"]["InvocationEventType"] == "NEW_INBOUND_CALL"
    assert turns[0]["Reply"]["Actions"][0]["Type"] == "Speak"


def test_what_runs_is_shown_with_what_it_waits_for(serves: Serves, lines: Any) -> None:
    menu = SpeakAndGetDigits(
        text="Yes?",
        failure_text="Sorry?",
        max_number_of_digits=1,
        repeat_duration_in_milliseconds=60_000,
    )
    line = lines(serves(in_turn([menu, Pause(duration_in_milliseconds=1_000)])))
    line.does("dial", To=OURS)
    while (runs := line.hears("call")["Runs"]) is None or runs["WaitsFor"] != "keys":
        pass
    assert (runs["Type"], runs["Tag"]) == ("SpeakAndGetDigits", "LEG-A")
    assert 55 < runs["Until"] - runs["Since"] < 65
    assert line.told[-1]["Next"] == ["Pause"]


def test_a_call_rings_at_the_page_and_tones_arrive(serves: Serves, lines: Any) -> None:
    def function(event: Any, _context: object) -> object:
        if event["InvocationEventType"] != "CALL_ANSWERED":
            return reply()
        leg = event["CallDetails"]["Participants"][0]["CallId"]
        return reply(
            SendDigits(call_id=leg, digits="42", tone_duration_in_milliseconds=50),
            Pause(duration_in_milliseconds=30_000),
        )

    server = serves(function)
    line = lines(server)
    server.loop.call_soon_threadsafe(server.service.call_out, OURS, THEIRS)
    assert line.hears("phone", State="ringing")["From"] == OURS
    line.does("answer")
    line.hears("phone", State="up")
    assert [line.hears("tone")["Digit"] for _ in "42"] == ["4", "2"]
    line.does("hang_up")
    line.hears("phone", State="idle")


def test_a_phone_in_a_call_is_busy(serves: Serves, lines: Any) -> None:
    server = serves(in_turn(STAYS))
    line = lines(server)
    line.does("dial", To=OURS)
    line.hears("phone", State="up")
    server.loop.call_soon_threadsafe(server.service.call_out, OURS, THEIRS)
    until(lambda: len(server.service.placed()) == 2 and server.service.placed()[1].has_ended)
    assert server.service.placed()[1].legs[0].sip_response_code == 486


def test_a_number_is_one_phones(serves: Serves, lines: Any) -> None:
    server = serves()
    lines(server)
    other = lines(server, OTHER)
    other.does("be", Number=THEIRS)
    assert other.hears("wrong")["Message"] == (
        f"{THEIRS} is the phone of another page: choose another number"
    )
    other.does("be", Number=OURS)
    assert "is answered by an application" in other.hears("wrong")["Message"]


@pytest.mark.parametrize(
    ("garbage", "says"),
    [
        ("{", "Invalid JSON"),
        ('"dial"', "Input should be an object"),
        ('{"Do": "fly"}', "does not match any of the expected tags"),
        ('{"Do": "press", "Key": "12"}', "Key: String should match"),
        ('{"Do": "answer"}', "answer: the phone must be ringing, and it is idle"),
        ('{"Do": "watch", "TransactionId": "nothing"}', "there is no call nothing"),
        ('{"Do": "dial", "To": "+15550100999"}', "+15550100999"),
        (b"\x00" * 7, "7 bytes are no sound"),
    ],
)
def test_garbage_is_told_and_the_line_goes_on(
    serves: Serves, lines: Any, garbage: str | bytes, says: str
) -> None:
    line = lines(serves(in_turn([Hangup()])))
    line.socket.send(garbage)
    assert says in line.hears("wrong")["Message"]
    line.does("dial", To=OURS)
    line.hears("phone", State="calling")


def test_a_message_too_long_ends_the_line_and_the_call(serves: Serves, lines: Any) -> None:
    server = serves(in_turn(STAYS))
    line = lines(server)
    line.does("dial", To=OURS)
    line.hears("phone", State="up")
    line.socket.send(b"\x00" * 100_000)
    with pytest.raises(ConnectionClosed):
        line.hears("nothing")
    until(lambda: server.service.placed()[-1].has_ended)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_no_other_page_gets_a_line(serves: Serves, lines: Any, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        lines(serves(), origin=origin)
    assert refused.value.response.status_code == 403
    assert b"no page but the desk's own" in (refused.value.response.body or b"")


def test_whoever_comes_by_another_name_gets_no_line(serves: Serves) -> None:
    server = serves()
    url = f"ws://desk.evil.example:{server.port}/_offhook/phone/line"
    there = socket.create_connection(("127.0.0.1", server.port))
    with pytest.raises(InvalidStatus) as refused, connect(url, sock=there):
        pass
    assert refused.value.response.status_code == 403


def test_who_takes_nothing_any_more_has_gone(
    serves: Serves, lines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("offhook.emulator.server.listening.STALLED_SECONDS", 0.2)
    server = serves(in_turn(STAYS))
    line = lines(server, max_queue=1, close_timeout=0.1)
    line.does("dial", To=OURS)
    until(lambda: server.service.calls)  # and reads no more: its buffers fill, no ping is answered
    until(lambda: server.service.placed() and server.service.placed()[-1].has_ended)
    assert THEIRS not in server.service.far_ends


def test_a_line_that_goes_leaves_nothing(serves: Serves, lines: Any) -> None:
    server = serves(in_turn(STAYS))
    line = lines(server)
    line.does("dial", To=OURS)
    line.hears("phone", State="up")
    line.socket.close()
    until(lambda: not server.service.calls)
    until(lambda: THEIRS not in server.service.far_ends)
    call = server.service.placed()[-1]
    assert call.told.events[-1]["InvocationEventType"] == "HANGUP"
    until(lambda: not _lines_there_are())


def _lines_there_are() -> int:
    gc.collect()
    return sum(isinstance(each, TheirLine) for each in gc.get_objects())
