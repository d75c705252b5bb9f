"""A change planted in a flow is found in the calls that happened, named, and heard.

About `offhook.production.logs.differing`, `offhook.production.logs.reenacted` and
`offhook.production.logs.alike`.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.service.far_ends import Answers, busy
from offhook.emulator.testing import Phone
from offhook.production.logs.changed import Changed
from offhook.production.logs.differing import Part
from offhook.production.logs.of_emulator import all_of
from offhook.production.logs.pseudonyms import Pseudonyms
from offhook.production.logs.recorded import RecordedCall, read, write
from offhook.production.logs.reenacted import reenacted
from offhook.production.logs.replayed import STRANGE, Change, Replay, accepted, rewrite
from offhook.production.logs.store import Store
from offhook.production.logs.vocabulary import Vocabulary
from tests.emulator.function.conftest import needs_node
from tests.production.logs.happened import DESK, calls, router

Event = Mapping[str, Any]
Handler = Callable[[Event, object], object]

MENU = {
    "Type": "SpeakAndGetDigits",
    "Parameters": {
        "InputDigitsRegex": "^[12]$",
        "SpeechParameters": {"Text": "Sales are one, service is two."},
        "FailureSpeechParameters": {"Text": "Sorry?"},
        "Repeat": 2,
        "RepeatDurationInMilliseconds": 3_000,
        "MaxNumberOfDigits": 1,
    },
}


def speak(text: str) -> Mapping[str, object]:
    return {"Type": "Speak", "Parameters": {"Text": text}}


BRIDGE = {
    "Type": "CallAndBridge",
    "Parameters": {
        "CallTimeoutSeconds": 30,
        "CallerIdNumber": "+15550100100",
        "Endpoints": [{"BridgeEndpointType": "PSTN", "Uri": "+15550100400"}],
    },
}


def workshop(event: Event, _context: object = None) -> Mapping[str, object]:
    """A menu: one is put through, two hears something; who is left when LEG-A goes is hung up."""
    data: Mapping[str, Any] = event.get("ActionData") or {}
    legs = {leg["ParticipantTag"]: leg for leg in event["CallDetails"]["Participants"]}
    actions: Sequence[object] = []
    attributes: Mapping[str, object] | None = None
    match event["InvocationEventType"], data.get("Type"):
        case "NEW_INBOUND_CALL", _:
            actions = [speak("Welcome."), MENU]
        case "ACTION_SUCCESSFUL", "SpeakAndGetDigits" if data["ReceivedDigits"] == "1":
            actions, attributes = [BRIDGE], {"chosen": "sales"}
        case "ACTION_SUCCESSFUL", "SpeakAndGetDigits":
            actions = [speak("We open at nine."), {"Type": "Hangup", "Parameters": {}}]
        case "ACTION_FAILED", _:
            actions = [speak("Nobody is free."), {"Type": "Hangup", "Parameters": {}}]
        case "HANGUP", _ if legs.get("LEG-B", {}).get("Status") == "Connected":
            left = {"CallId": legs["LEG-B"]["CallId"]}
            actions = [{"Type": "Hangup", "Parameters": left}]
        case _:
            pass
    reply: dict[str, object] = {"SchemaVersion": "1.0", "Actions": actions}
    return reply if attributes is None else {**reply, "TransactionAttributes": attributes}


def happened() -> list[RecordedCall]:
    """Two are put through and hang up, one finds nobody, one hears when we open, one says nothing,
    and one hangs up in the middle of the menu."""
    with Phone(workshop, desk=DESK, seed=3) as phone:
        for far_end, keys in ((Answers(after=2), "1"), (Answers(after=2), "1"), (busy(), "1")):
            phone.at("+15550100400", far_end)
            call = phone.dials()
            call.hears("Welcome.")
            call.presses(keys)
            phone.wait(10)
            if not call.is_over:
                call.hangs_up()
            phone.wait(30)
        call = phone.dials()
        call.hears("Welcome.")
        call.presses("2")
        phone.wait(60)
        phone.dials()
        phone.wait(60)
        call = phone.dials()
        call.hears("Welcome.")
        phone.wait(1)
        call.hangs_up()
        phone.wait(60)
        return all_of(phone)


def nobodys(made: Sequence[RecordedCall]) -> list[RecordedCall]:
    store = Store()
    change = Changed(Pseudonyms(store.db), Vocabulary(store.db))
    return [change.call(each) for each in made]


def changed(what: str, to: object) -> Handler:
    """The workshop, where something that it says in one place is something else."""

    def answers(event: Event, context: object = None) -> object:
        reply = cast("dict[str, Any]", workshop(event, context))
        match what, event["InvocationEventType"]:
            case "leaves LEG-B", "HANGUP":
                reply["Actions"] = to
            case "welcome", "NEW_INBOUND_CALL":
                reply["Actions"] = [speak(str(to)), MENU]
            case "attempts", "NEW_INBOUND_CALL":
                menu = {
                    **MENU,
                    "Parameters": {**cast("dict[str, Any]", MENU["Parameters"]), "Repeat": to},
                }
                reply["Actions"] = [speak("Welcome."), menu]
            case "attribute", "ACTION_SUCCESSFUL" if "TransactionAttributes" in reply:
                reply["TransactionAttributes"] = {"chosen": to}
            case "fails", "ACTION_FAILED":
                raise KeyError(str(to))
            case _:
                pass
        return reply

    return answers


FAILS = (
    "ACTION_FAILED of CallAndBridge (CallNotAnswered): was Speak, Hangup, "
    "is failed: KeyError: 'name'"
)
PLANTED: Mapping[str, tuple[Handler, str, int]] = {
    "nobody hangs LEG-B up": (
        changed("leaves LEG-B", []),
        "HANGUP of LEG-A while LEG-B is up: was Hangup, is nothing",
        2,
    ),
    "a word": (
        changed("welcome", "Good morning."),
        "NEW_INBOUND_CALL: Speak.Text was “Welcome.”, is “Good morning.”",
        6,
    ),
    "a parameter": (
        changed("attempts", 3),
        "NEW_INBOUND_CALL: SpeakAndGetDigits.Repeat was 2, is 3",
        6,
    ),
    "an attribute": (
        changed("attribute", "service"),
        "ACTION_SUCCESSFUL of SpeakAndGetDigits (1): attribute chosen was “sales”, is “service”",
        3,
    ),
    "a failure": (
        changed("fails", "name"),
        FAILS,
        1,
    ),
}


def test_the_handler_as_it_was_answers_as_it_did() -> None:
    with Replay(DESK, workshop) as replay:
        assert replay.groups(happened()) == []


@pytest.mark.parametrize("name", PLANTED)
@pytest.mark.parametrize("nobodys_call", [False, True])
def test_a_planted_change_is_found_and_named(name: str, nobodys_call: bool) -> None:
    handler, what, count = PLANTED[name]
    made = nobodys(happened()) if nobodys_call else happened()
    with Replay(DESK, handler) as replay:
        groups = {group.what: len(group.calls) for group in replay.groups(made)}
    if nobodys_call and name == "an attribute":  # what it was, nobody knows
        assert groups == {}
    else:
        assert groups.get(what) == count, groups


def test_what_stands_for_a_number_of_the_application_stands_for_one() -> None:
    def is_put_through(number: str) -> Handler:
        def answers(event: Event, context: object = None) -> object:
            reply = cast("dict[str, Any]", workshop(event, context))
            for action in reply["Actions"]:
                if action["Type"] == "CallAndBridge":
                    parameters = {
                        **action["Parameters"],
                        "Endpoints": [{"BridgeEndpointType": "PSTN", "Uri": number}],
                    }
                    reply["Actions"] = [{**action, "Parameters": parameters}]
            return reply

        return answers

    one, other = is_put_through("+12065550001"), is_put_through("+12065550002")
    made = happened()[:2]
    for call, handler in zip(made, (one, other), strict=True):
        with Replay(DESK, handler) as replay:
            made[made.index(call)] = accepted(call, replay.changes(call))
    same = nobodys([made[0], made[0]])
    with Replay(DESK, one) as replay:
        assert replay.groups(same) == []
    with Replay(DESK, one) as replay:
        (group,) = replay.groups(nobodys(made))
    assert "CallAndBridge.Endpoints[0].Uri was" in group.what


def test_what_is_not_compared_is_not_found() -> None:
    parts: list[Part] = ["actions", "attributes"]
    with Replay(DESK, changed("welcome", "Good morning."), parts) as replay:
        assert replay.groups(happened()) == []


def test_a_router_is_replayed_with_what_it_remembers() -> None:
    with Replay(DESK, router) as replay:
        whats = {group.what for group in replay.groups(calls()[:-1])}
    assert whats <= {"NEW_INBOUND_CALL: was failed: KeyError: 'name', is Speak, SpeakAndGetDigits"}


@pytest.mark.parametrize("nobodys_call", [False, True])
def test_the_emulator_does_what_happened_in_these_calls(nobodys_call: bool) -> None:
    for call in nobodys(happened()) if nobodys_call else happened():
        played = reenacted(call, DESK)
        assert played.is_same, (call.exchanges[-1].told, played.call.ladder.render())


def test_one_hears_what_the_caller_would_hear_from_there_on() -> None:
    calls = nobodys(happened())
    with Replay(DESK, changed("leaves LEG-B", [speak("Please rate us.")])) as replay:
        (group,) = replay.groups(calls)
        ladder = replay.ladder(group.calls[0], group.place)
    assert ladder.index("HANGUP") < ladder.index("Please rate us.")
    assert STRANGE not in ladder
    assert "Welcome." not in ladder

    def asks_again(event: Event, context: object = None) -> object:
        data: Mapping[str, Any] = event.get("ActionData") or {}
        if data.get("ReceivedDigits") == "2":
            return {"SchemaVersion": "1.0", "Actions": [speak("Really?"), MENU]}
        return workshop(event, context)

    with Replay(DESK, asks_again) as replay:
        (group,) = replay.groups(calls)
        ladder = replay.ladder(group.calls[0], group.place)
    assert "Really?" in ladder
    assert "the call is over" in ladder


def test_where_the_emulator_does_not_come_there_it_says_so() -> None:
    call = happened()[0]
    row = [*call.exchanges]
    row[1] = row[1].model_copy(
        update={"event": {**row[1].event, "InvocationEventType": "RINGING"}, "answer": "unseen"}
    )
    strange = call.model_copy(update={"exchanges": row})
    with Replay(DESK, changed("leaves LEG-B", [speak("Please rate us.")])) as replay:
        (group,) = replay.groups([strange])
        assert STRANGE in replay.ladder(group.calls[0], group.place)


def test_a_caller_presses_later_what_they_pressed() -> None:
    def later(event: Event, context: object = None) -> object:
        if event["InvocationEventType"] == "NEW_INBOUND_CALL":
            return {"SchemaVersion": "1.0", "Actions": [speak("We have moved."), MENU]}
        return workshop(event, context)

    with Replay(DESK, later) as replay:
        (group,) = replay.groups(happened()[:1])
        ladder = replay.ladder(group.calls[0], group.place)
    assert "presses 1" in ladder
    assert "is bridged with LEG-A" in ladder
    assert "LEG-A  hangs up" in ladder


def test_what_is_accepted_is_no_change_any_more(tmp_path: Path) -> None:
    (file,) = write(tmp_path / "calls", happened())
    handler = changed("welcome", "Good morning.")
    with Replay(DESK, handler) as replay:
        changes = {call.transaction: replay.changes(call) for call in read(file)}
        rewrite(file, {c.transaction: accepted(c, changes[c.transaction]) for c in read(file)})
        assert all(changes.values())
        assert [each for call in read(file) for each in replay.changes(call)] == []
    assert isinstance(changes.popitem()[1][0], Change)


def test_of_several_functions_one_has_to_be_named() -> None:
    apps = [
        SipMediaApplication(name=name, numbers=(number,), function=f"{name}:handler")
        for name, number in (("a", "+15550100901"), ("b", "+15550100902"))
    ]
    desk = Desk(sip_media_applications=tuple(apps))
    with Replay(desk) as replay, pytest.raises(ConfigError, match="--handler a:handler"):
        replay.changes(happened()[0])


OTHERS = """
import os

def handler(event, context):
    first = event["InvocationEventType"] == "NEW_INBOUND_CALL"
    key = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_ENDPOINT_URL_S3"]
    speak = {"Type": "Speak", "Parameters": {"Text": " ".join(key)}}
    return {"SchemaVersion": "1.0", "Actions": [speak] if first else []}
"""


def test_a_handler_of_another_process_has_the_desk_s_credentials_and_endpoints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    (tmp_path / "app.py").write_text(OTHERS, encoding="utf-8")
    desk = DESK.with_function(f"{tmp_path}/app.py:handler")
    with Replay(desk) as replay:
        groups = replay.groups(happened())
        first = next(group for group in groups if group.what.startswith("NEW_INBOUND"))
        assert first.what == "NEW_INBOUND_CALL: was Speak, SpeakAndGetDigits, is Speak"
        ladder = replay.ladder(first.calls[0], first.place)
    assert "hears “" in ladder
    assert "http://127.0.0.1:" in ladder
    assert "mine" not in ladder


@needs_node
def test_a_handler_on_node_is_replayed(tmp_path: Path) -> None:
    (tmp_path / "index.js").write_text(
        "exports.handler = async (event) => ({SchemaVersion: '1.0', Actions: "
        "event.Sequence === 1 ? [{Type: 'Speak', Parameters: {Text: 'Bonjour.'}}] : []});",
        encoding="utf-8",
    )
    with Replay(DESK.with_function(f"{tmp_path}/index.js:handler")) as replay:
        (group, *_) = replay.groups(happened()[:1])
        assert group.what == "NEW_INBOUND_CALL: was Speak, SpeakAndGetDigits, is Speak"
        assert "hears “Bonjour.”" in replay.ladder(group.calls[0], group.place)
