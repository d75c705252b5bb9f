"""What a flow returns becomes an envelope that the service takes, or is refused with a reason."""

import json
import math
from collections import UserList, deque
from collections.abc import Mapping
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from offhook.actions import Action, Hangup, Pause, PlayAudio, Response, Speak
from offhook.emulator.call.complaints import check
from offhook.handler import ReplyRefused, Router
from offhook.handler.events import parse
from offhook.handler.fallbacks import Reply
from offhook.handler.reply import envelope
from tests.handler.answers import Logged, response, returning
from tests.handler.payloads import NAMES, Payload, payload, storing

CALL = "call_answered/minimal"
HELLO = {"Type": "Speak", "Parameters": {"Text": "Hello."}}
BYE: dict[str, object] = {"Type": "Hangup", "Parameters": {}}
SPEAK = Speak(text="Hello.")

GOOD: dict[str, tuple[Reply, list[object]]] = {
    "nothing": (None, []),
    "no actions": ([], []),
    "one action": (SPEAK, [HELLO]),
    "a list": ([SPEAK, Hangup()], [HELLO, BYE]),
    "a tuple": ((SPEAK, Hangup()), [HELLO, BYE]),
    "a sequence of one's own": (UserList([SPEAK]), [HELLO]),
    "a response without actions": (Response(), []),
    "a response with one": (Response(SPEAK), [HELLO]),
    "a response with a list": (Response([SPEAK, Hangup()]), [HELLO, BYE]),
    "ten actions": ([Hangup()] * 10, [BYE] * 10),
}


@pytest.mark.parametrize(("reply", "actions"), GOOD.values(), ids=GOOD)
def test_a_reply_becomes_an_envelope(reply: Reply, actions: list[object]) -> None:
    assert envelope(reply, parse(payload(CALL))) == {"SchemaVersion": "1.0", "Actions": actions}


def test_the_schema_version_is_that_of_the_event() -> None:
    newer = parse(payload(CALL, SchemaVersion="1.1"))
    assert envelope(None, newer) == {"SchemaVersion": "1.1", "Actions": []}
    without = payload(CALL)
    del without["SchemaVersion"]
    assert envelope(None, parse(without))["SchemaVersion"] == "1.0"


class Survey(BaseModel):
    """A call state."""

    tries: int = 0


ATTRIBUTES: dict[str, tuple[Mapping[str, object] | None, object]] = {
    "kept": (None, "kept"),
    "cleared": ({}, {}),
    "replaced": ({"a": "1"}, {"a": "1"}),
    "nested": ({"a": {"b": [1, None, True, 1.5]}}, {"a": {"b": [1, None, True, 1.5]}}),
    "a mapping of one's own": (MappingProxyType({"a": "1"}), {"a": "1"}),
}


@pytest.mark.parametrize(("given", "sent"), ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_attributes_are_kept_cleared_or_replaced(given: object, sent: object) -> None:
    answer = envelope(response([SPEAK], given), parse(storing({"old": "1"})))
    assert answer.get("TransactionAttributes", "kept") == sent


def test_a_call_state_is_stored_beside_what_is_not_its_own() -> None:
    event = parse(storing({"old": "1", "tries": "4"}))
    answer = envelope(Response(attributes=Survey(tries=5)), event)
    assert answer["TransactionAttributes"] == {"old": "1", "tries": "5"}


class Dance(Action[None]):
    """An action that the service does not have."""


class MyHangup(Hangup):
    """The service does not know this name either."""


async def later() -> Reply:
    return SPEAK


WRONG: dict[str, tuple[object, str]] = {
    "an API Gateway reply": ({"statusCode": 200, "body": "{}"}, "statusCode and body"),
    "a raw reply": ({"SchemaVersion": "1.0", "Actions": [HELLO]}, "Response.from_wire"),
    "a raw action": (HELLO, "write Speak(...), or Action.from_wire(...)"),
    "a list of raw actions": ([HELLO], "Actions[0]: a handler returned a raw action"),
    "an empty object": ({}, "an object: return a list of actions"),
    "text": ('{"SchemaVersion": "1.0"}', "a string: return actions, not JSON text"),
    "bytes": (b"{}", "bytes: return a list of actions"),
    "a number": (5, "int: return a list of actions"),
    "true": (True, "bool: return a list of actions"),
    "a set": ({1}, "set: return a list of actions"),
    "a generator": ((one for one in [SPEAK]), "generator: return a list of actions"),
    "a class": (Speak, "the class Speak: write Speak(...)"),
    "a list with a class": ([SPEAK, Hangup], "Actions[1]: a handler returned the class Hangup"),
    "a function": (payload, "a function: call it"),
    "an event": (parse(payload(CALL)), "CallAnswered: return a list of actions"),
    "a list within the list": ([[SPEAK]], "a list within the list: unpack it with *"),
    "nothing within the list": ([None], "NoneType: return a list of actions"),
    "text within the list": (["Hello."], "Actions[0]: a handler returned a string"),
    "a response within the list": (
        [Response(SPEAK)],
        "Actions[0]: a handler returned a Response within a reply: unpack *its.actions",
    ),
    "a response within a response": (response(Response(SPEAK)), "a Response within a reply"),
    "eleven actions": ([Hangup()] * 11, "Too many actions specified in a response."),
    "an unknown action": (Action.from_wire({"Type": "Dance"}), "Unsupported action Dance"),
    "an action of one's own": (Dance(), "Unsupported action Dance specified"),
    "an action under a new name": (MyHangup(), "did you mean 'Hangup'?"),
    "an action that is none": (Action(), "Actions[0] is a 'Action': known are CallAndBridge"),
    "an action with no JSON in it": (
        Action.from_wire({"Type": "Hangup", "Parameters": {"New": math.nan}}),
        "not JSON compliant",
    ),
    "101 attributes": (
        Response(attributes={str(number): "" for number in range(101)}),
        "101 pairs: keep a key to your own store there",
    ),
    "21 KB of attributes": (Response(attributes={"a": "x" * 20_480}), "Maximum size is 20480"),
    "an attribute that is no number": (Response(attributes={"a": math.nan}), "is not JSON"),
}


@pytest.mark.parametrize(("reply", "says"), WRONG.values(), ids=WRONG)
def test_a_reply_that_the_service_would_not_take_is_refused(reply: object, says: str) -> None:
    with pytest.raises(ReplyRefused) as refused:
        envelope(returning(reply)(parse(payload(CALL))), parse(payload(CALL)))
    assert says in str(refused.value)


@pytest.mark.parametrize("attributes", ["a=1", ["a"], 5, Survey], ids=repr)
def test_attributes_that_are_no_mapping_are_refused(attributes: object) -> None:
    with pytest.raises(ReplyRefused, match="give a mapping, a pydantic model"):
        envelope(response([], attributes), parse(payload(CALL)))


@pytest.mark.parametrize("reply", [None, [], (), Response(), Response([])], ids=repr)
def test_a_new_call_is_not_answered_with_nothing(reply: Reply, logged: Logged) -> None:
    router = Router()
    router.new_inbound_call()(returning(reply))
    actions = router(payload("new_inbound_call/minimal"))["Actions"]
    assert isinstance(actions, list)
    assert len(actions) == 2
    assert "NEW_INBOUND_CALL was answered with no actions" in logged("ERROR")[0]
    assert "Actions list is empty." in logged("ERROR")[0]


def test_an_audio_without_a_bucket_is_refused_by_what_to_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OFFHOOK_PROMPTS_BUCKET", raising=False)
    with pytest.raises(ReplyRefused, match="OFFHOOK_PROMPTS_BUCKET is not set"):
        envelope([SPEAK, PlayAudio(audio_source="welcome.wav")], parse(payload(CALL)))


def test_a_coroutine_is_not_a_reply() -> None:
    waiting = later()
    with pytest.raises(ReplyRefused, match="handlers are plain functions"):
        envelope(returning(waiting)(parse(payload(CALL))), parse(payload(CALL)))
    waiting.close()


@pytest.mark.parametrize("event", ["ringing/minimal", "hangup/single_leg"])
def test_actions_that_are_ignored_are_warned_about(event: str, logged: Logged) -> None:
    router = Router()
    router.ringing()(returning(SPEAK))
    router.hangup()(returning(SPEAK))
    assert router(payload(event))["Actions"] == [HELLO]
    (line,) = logged("WARNING")
    assert "the service ignores actions in the answer to this event" in line


def test_an_answer_without_actions_is_not_warned_about(logged: Logged) -> None:
    router = Router()
    router.ringing()(returning(Response(attributes={"a": "1"})))
    router.call_answered()(returning(SPEAK))
    router(payload("ringing/minimal"))
    router(payload(CALL))
    assert logged("WARNING", "ERROR") == []


def test_the_envelope_is_made_anew_each_time() -> None:
    router = Router()
    router.call_answered()(returning((SPEAK,)))
    router.ringing()(returning(None))
    for event in (CALL, "ringing/minimal", "action_successful/speak"):
        first = router(payload(event))
        again = router(payload(event))
        assert first == again
        assert isinstance(first["Actions"], list)
        first["Actions"].append("more")
        first["TransactionAttributes"] = {}
        assert router(payload(event)) == again


def test_the_event_and_the_stored_attributes_are_not_changed() -> None:
    router = Router()
    router.call_answered()(lambda event: Response(SPEAK, attributes=event.state(Survey)))
    event = storing({"other": {"a": [1]}})
    before = json.dumps(event)
    answer = router(event)
    assert answer["TransactionAttributes"] == {"other": {"a": [1]}, "tries": "0"}
    assert json.dumps(event) == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=6) | st.sampled_from(["Type", "Parameters", "Actions"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)

ODD_THINGS: list[object] = [
    *(object(), object, Speak, len, math.nan, b"x", bytearray(b"x"), memoryview(b"x"), 1j),
    *({1, 2}, frozenset(), range(3), deque([SPEAK]), UserList(["x"]), iter([SPEAK]), ...),
    *(Dance(), MyHangup(), Action(), Pause.model_construct(), Speak.from_echo({"Text": 5})),
    *(Response, response(Response()), response("x"), response({}), response([None])),
    *(ValueError("x"), ReplyRefused("x"), payload(CALL), Survey(), Survey),
]

ODD = st.sampled_from(ODD_THINGS)

ANYTHING: st.SearchStrategy[object] = (
    JSON | ODD | st.lists(ODD | JSON | st.just(SPEAK), max_size=12)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reply=ANYTHING, attributes=JSON | ODD, name=st.sampled_from(NAMES))
def test_whatever_a_flow_returns_the_service_gets_an_envelope(
    reply: object, attributes: object, name: str
) -> None:
    for returned in (reply, response(reply), response(SPEAK, attributes)):
        router = Router()
        for decorator in (
            *(router.new_inbound_call, router.new_outbound_call, router.ringing),
            *(router.call_answered, router.action_successful, router.action_failed),
            *(router.action_interrupted, router.digits_received, router.hangup),
            *(router.call_update_requested, router.invalid_lambda_response),
        ):
            decorator()(returning(returned))
        answer = router(payload(name))
        assert answer["SchemaVersion"] == "1.0"
        assert check(answer, str(payload(name)["InvocationEventType"])) is None
        json.dumps(answer, allow_nan=False)


@given(event=JSON | st.dictionaries(st.sampled_from(["InvocationEventType", "Sequence"]), JSON))
def test_whatever_the_function_is_invoked_with_it_answers(event: object) -> None:
    assert Router()(event, None) == {"SchemaVersion": "1.0", "Actions": []}


@given(
    name=st.sampled_from(NAMES),
    key=st.sampled_from(["ActionData", "SchemaVersion", "ErrorType", "ErrorMessage"]),
    value=JSON,
)
def test_whatever_is_in_an_event_the_service_gets_an_envelope(
    name: str, key: str, value: object
) -> None:
    event: Payload = payload(name, **{key: value})
    answer = Router()(event, None)
    assert isinstance(answer["SchemaVersion"], str)
    assert isinstance(answer["Actions"], list)
    json.dumps(answer, allow_nan=False)
