"""Which function answers an event: the one that asks for it most closely.

About `offhook.handler.conditions`, `offhook.handler.predicates`, `offhook.handler.registration`,
`offhook.handler.routes`.
"""

import re
from collections.abc import Callable
from typing import TypeVar, cast

import pytest
from pydantic import JsonValue

from offhook.actions import (
    CallAndBridge,
    Hangup,
    Pause,
    PlayAudio,
    ReceiveDigits,
    Speak,
    SpeakAndGetDigits,
    VoiceFocus,
)
from offhook.actions.legs import ParticipantTag
from offhook.handler import Event, Reply, Router
from tests.handler.answers import heard, saying
from tests.handler.payloads import NAMES, ONE_OF_EACH, Payload, data, parameters, payload, storing

E = TypeVar("E", bound=Event)

MENU = SpeakAndGetDigits(
    text="Press 1 or 2.",
    failure_text="Sorry?",
    max_number_of_digits=1,
    repeat_duration_in_milliseconds=5000,
)
LEG = "a1d4e6f2-3b57-4c08-9e1a-5f72b8c0d913"


def digits_of(action: SpeakAndGetDigits, digits: str, **echo: object) -> Payload:
    """The success of a menu, with its parameters echoed as the service does."""
    event = payload("action_successful/speak_and_get_digits")
    sent = action.to_wire()["Parameters"]
    assert isinstance(sent, dict)
    data(event).update(Parameters={**sent, "CallId": LEG, **echo}, ReceivedDigits=digits)
    return event


@pytest.mark.parametrize("decorator", ONE_OF_EACH)
def test_a_decorator_is_named_after_the_event_it_takes(decorator: str) -> None:
    router = Router()
    file: Callable[[object], object] = getattr(router, decorator)()
    function = saying(decorator)
    assert file(function) is function
    assert heard(router, payload(ONE_OF_EACH[decorator])) == decorator
    other = payload("ringing/minimal" if decorator != "ringing" else "call_answered/minimal")
    assert heard(router, other) != decorator


@pytest.mark.parametrize("name", NAMES)
def test_a_router_with_every_decorator_answers_every_event(name: str) -> None:
    router = Router()
    for decorator in ONE_OF_EACH:
        getattr(router, decorator)()(saying(decorator))
    assert heard(router, payload(name)) == name.split("/", maxsplit=1)[0]


def test_one_handler_answers_for_one_of_our_numbers() -> None:
    router = Router()
    router.new_inbound_call()(saying("anybody"))
    router.new_inbound_call(our_number="+15550100100")(saying("the workshop"))
    router.new_inbound_call(our_number="+15550100999")(saying("somebody else"))
    assert heard(router, payload("new_inbound_call/minimal")) == "the workshop"


def test_our_number_may_be_a_pattern_that_matches_all_of_it() -> None:
    router = Router()
    router.new_inbound_call()(saying("anybody"))
    router.new_inbound_call(our_number=re.compile(r"\+1555010010"))(saying("the start of it"))
    assert heard(router, payload("new_inbound_call/minimal")) == "anybody"
    router.new_inbound_call(our_number=re.compile(r"\+1555\d+"))(saying("the workshops"))
    assert heard(router, payload("new_inbound_call/minimal")) == "the workshops"


def test_our_number_of_a_call_that_we_make_is_the_one_it_is_from() -> None:
    router = Router()
    router.call_answered(our_number="+15550100300")(saying("theirs"))
    router.call_answered(our_number="+15550100100")(saying("ours"))
    assert heard(router, payload("call_answered/minimal")) == "ours"


def test_one_handler_answers_for_one_leg() -> None:
    router = Router()
    router.hangup()(saying("anybody left"))
    router.hangup(leg="LEG-B")(saying("the callee left"))
    assert heard(router, payload("hangup/leg_b_leg_a_still_up")) == "the callee left"
    assert heard(router, payload("hangup/leg_a_leg_b_still_up")) == "anybody left"


@pytest.mark.parametrize("leg", ["leg-a", "LEG-C", "A", ""])
def test_a_leg_is_named_by_its_tag(leg: str) -> None:
    with pytest.raises(ValueError, match="legs are LEG-A and LEG-B"):
        Router().hangup(leg=cast("ParticipantTag", leg))


def test_one_handler_answers_for_some_digits() -> None:
    router = Router()
    router.action_successful(MENU)(saying("what?"))
    router.action_successful(MENU, digits="1")(saying("one"))
    router.action_successful(MENU, digits=re.compile("[2-9]"))(saying("more"))
    assert heard(router, digits_of(MENU, "1")) == "one"
    assert heard(router, digits_of(MENU, "7")) == "more"
    assert heard(router, digits_of(MENU, "77")) == "what?"
    assert heard(router, digits_of(MENU, "")) == "what?"


def test_digits_received_can_be_asked_for_too() -> None:
    router = Router()
    router.digits_received(digits="11#")(saying("eleven"))
    router.digits_received(digits=re.compile(r"\*\d"))(saying("a star"))
    assert heard(router, payload("digits_received/minimal")) == "eleven"
    assert heard(router, payload("digits_received/bridged")) == "a star"


def test_one_handler_answers_for_one_error() -> None:
    router = Router()
    router.action_failed()(saying("it failed"))
    router.action_failed(error_type="CallNotAnswered")(saying("nobody is there"))
    router.action_failed(CallAndBridge, error_type="InvalidActionParameter")(saying("a mistake"))
    assert heard(router, payload("action_failed/call_and_bridge_not_answered")) == "nobody is there"
    assert heard(router, payload("action_failed/call_and_bridge_caller_id")) == "a mistake"
    assert heard(router, payload("action_failed/speak_system")) == "it failed"


def test_the_error_of_an_unusable_reply_can_be_asked_for_too() -> None:
    router = Router()
    router.invalid_lambda_response(error_type="SchemaVersionMismatch")(saying("the version"))
    router.invalid_lambda_response(error_type=re.compile("Transaction.*"))(saying("the state"))
    assert (
        heard(router, payload("invalid_lambda_response/schema_version_mismatch")) == "the version"
    )
    assert heard(router, payload("invalid_lambda_response/attributes")) == "the state"


def test_one_handler_answers_for_some_state() -> None:
    router = Router()
    router.call_answered()(saying("hello"))
    router.call_answered(state={"asked": "name"})(saying("your name?"))
    router.call_answered(state={"asked": "name", "tries": 2})(saying("not reached"))
    assert heard(router, storing({"asked": "name"})) == "your name?"
    assert heard(router, storing({"asked": "age"})) == "hello"
    assert heard(router, payload("call_answered/minimal")) == "hello"


@pytest.mark.parametrize(
    ("stored", "asked"),
    [("2", 2), (2, 2), ("true", True), ("null", None), ('"2"', "2"), ("two", "two"), ("[1]", [1])],
    ids=repr,
)
def test_state_is_compared_as_it_was_stored_or_as_it_is_meant(
    stored: JsonValue, asked: JsonValue
) -> None:
    router = Router()
    router.call_answered(state={"key": asked})(saying("yes"))
    assert heard(router, storing({"key": stored})) == "yes"
    assert heard(router, storing({"key": "other"})) != "yes"
    assert heard(router, storing({"other": stored})) != "yes"


def test_one_handler_answers_when_a_function_says_so() -> None:
    router = Router()
    router.hangup(when=lambda event: event.sip_response_code == 486)(saying("busy"))
    router.hangup(when=lambda event: event.sip_response_code == 480)(saying("not there"))
    assert heard(router, payload("hangup/outbound_busy_486")) == "busy"
    assert heard(router, payload("hangup/outbound_no_answer_480")) == "not there"


def test_one_handler_answers_for_one_class_of_actions() -> None:
    router = Router()
    router.action_successful()(saying("something is done"))
    router.action_successful(PlayAudio)(saying("it was played"))
    router.action_interrupted(PlayAudio)(saying("it was stopped"))
    router.action_failed(PlayAudio)(saying("it could not be played"))
    assert heard(router, payload("action_successful/play_audio")) == "it was played"
    assert heard(router, payload("action_interrupted/play_audio")) == "it was stopped"
    assert heard(router, payload("action_failed/play_audio_system")) == "it could not be played"
    assert heard(router, payload("action_successful/speak")) == "something is done"


def test_one_handler_answers_for_one_particular_action() -> None:
    other = MENU.model_copy(update={"text": "Press 3."})
    router = Router()
    router.action_successful(MENU)(saying("of the menu"))
    router.action_successful(other)(saying("of the other"))
    assert heard(router, digits_of(MENU, "1")) == "of the menu"
    assert heard(router, digits_of(other, "1")) == "of the other"
    third = MENU.model_copy(update={"text": "Press 4."})
    assert "something went wrong" in heard(router, digits_of(third, "1"))


def test_a_particular_action_is_known_whatever_the_service_adds_and_however_it_writes() -> None:
    router = Router()
    router.action_successful(MENU)(saying("of the menu"))
    added = {"ParticipantTag": "LEG-A", "Repeat": 1, "InBetweenDigitsDurationInMilliseconds": 5000}
    written = {"MaxNumberOfDigits": "1", "RepeatDurationInMilliseconds": "5000"}
    assert heard(router, digits_of(MENU, "1", **added, **written)) == "of the menu"
    speech = {"Text": "Press 1 or 2.", "VoiceId": "Joanna"}
    assert heard(router, digits_of(MENU, "1", SpeechParameters=speech)) == "of the menu"
    others_words: dict[str, object] = {"SpeechParameters": {"Text": "For us, press 1."}}
    assert heard(router, digits_of(MENU, "1", **others_words)) == "of the menu"
    assert "something went wrong" in heard(router, digits_of(MENU, "1", MaxNumberOfDigits=2))


def test_a_particular_bridge_is_known_by_its_endpoint() -> None:
    bridge = CallAndBridge(caller_id_number="+15550100200", uri="+15550100300")
    elsewhere = bridge.model_copy(update={"uri": "+15550100301"})
    router = Router()
    router.action_successful(elsewhere)(saying("elsewhere"))
    router.action_successful(bridge)(saying("here"))
    event = payload("action_successful/call_and_bridge")
    assert heard(router, event) == "here"
    parameters(event)["Endpoints"] = [
        {"BridgeEndpointType": "PSTN", "Uri": "+15550100300", "Arn": None}
    ]
    assert heard(router, event) == "here"
    parameters(event)["Endpoints"] = []
    assert heard(router, event) == "[]"


def test_a_particular_switch_is_known_by_its_position() -> None:
    router = Router()
    router.action_successful(VoiceFocus(call_id=LEG, enable=True))(saying("on"))
    router.action_successful(VoiceFocus(call_id=LEG, enable=False))(saying("off"))
    event = payload("action_successful/voice_focus")
    assert heard(router, event) == "on"
    for said in ("True", True):
        parameters(event)["Enable"] = said
        assert heard(router, event) == "on"
    parameters(event)["Enable"] = False
    assert heard(router, event) == "off"


def test_a_particular_listener_is_known_when_it_hears_digits() -> None:
    listening = ReceiveDigits(
        input_digits_regex=r"^\*\d$",
        in_between_digits_duration_in_milliseconds=1000,
        flush_digits_duration_in_milliseconds=10_000,
    )
    router = Router()
    router.digits_received()(saying("anything"))
    router.digits_received(listening)(saying("a star"))
    assert heard(router, payload("digits_received/bridged")) == "a star"
    assert heard(router, payload("digits_received/minimal")) == "anything"


def test_a_particular_audio_in_the_default_bucket_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    router = Router()
    router.action_successful(PlayAudio(audio_source="welcome.wav"))(saying("welcome"))
    monkeypatch.setenv("OFFHOOK_PROMPTS_BUCKET", "example-prompts")
    assert heard(router, payload("action_successful/play_audio")) == "welcome"


def test_the_function_with_most_conditions_answers() -> None:
    router = Router()
    router.action_successful(MENU)(saying("one condition"))
    router.action_successful(SpeakAndGetDigits, digits="1", leg="LEG-A")(saying("three"))
    router.action_successful(MENU, digits="1")(saying("two"))
    assert heard(router, digits_of(MENU, "1")) == "three"
    assert heard(router, digits_of(MENU, "2")) == "one condition"


def test_a_literal_beats_a_pattern() -> None:
    router = Router()
    router.action_successful(digits=re.compile("[1-9]"))(saying("any digit"))
    router.action_successful(digits="1")(saying("one"))
    assert heard(router, digits_of(MENU, "1")) == "one"
    assert heard(router, digits_of(MENU, "2")) == "any digit"


def test_a_particular_action_beats_its_class() -> None:
    router = Router()
    router.action_successful(SpeakAndGetDigits)(saying("any question"))
    router.action_successful(MENU)(saying("the menu"))
    assert heard(router, digits_of(MENU, "1")) == "the menu"


def test_the_action_that_says_more_beats_the_one_that_says_less() -> None:
    twice = PlayAudio(audio_source="s3://example-prompts/welcome.wav", repeat=2)
    router = Router()
    router.action_successful(PlayAudio(audio_source="s3://example-prompts/welcome.wav"))(
        saying("once")
    )
    router.action_successful(twice)(saying("twice"))
    event = payload("action_successful/play_audio")
    assert heard(router, event) == "once"
    parameters(event)["Repeat"] = 2
    assert heard(router, event) == "twice"


def test_at_equal_numbers_the_first_registered_answers() -> None:
    router = Router()
    router.action_successful(leg="LEG-A")(saying("the leg"))
    router.action_successful(digits="1")(saying("the digit"))
    assert heard(router, digits_of(MENU, "1")) == "the leg"


def test_a_function_registered_later_is_asked_too() -> None:
    router = Router()
    router.new_inbound_call()(saying("first"))
    assert heard(router, payload("new_inbound_call/minimal")) == "first"
    router.new_inbound_call(our_number="+15550100100")(saying("closer"))
    assert heard(router, payload("new_inbound_call/minimal")) == "closer"


def test_a_condition_without_a_value_is_refused() -> None:
    with pytest.raises(TypeError, match="our_number=None would take every event"):
        Router().new_inbound_call(our_number=None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("decorator", "keyword"),
    [
        ("new_inbound_call", "digits"),
        ("hangup", "error_type"),
        ("action_successful", "error_type"),
        ("action_failed", "digits"),
        ("ringing", "leg"),
        ("call_answered", "number"),
    ],
)
def test_a_condition_that_an_event_cannot_have_is_refused(decorator: str, keyword: str) -> None:
    with pytest.raises(TypeError, match=f"{decorator} takes .*our_number.*, not {keyword}"):
        getattr(Router(), decorator)(**{keyword: "1"})


def test_a_handler_is_a_plain_function() -> None:
    router = Router()

    async def later(_event: Event) -> Reply:
        return Hangup()

    def one_by_one(_event: Event) -> object:
        yield Pause(duration_in_milliseconds=500)

    file = cast("Callable[[object], object]", router.new_inbound_call())
    for function in (later, one_by_one):
        with pytest.raises(TypeError, match=f"{function.__name__} .*must be a plain function"):
            file(function)


def test_a_handler_stays_what_it_was() -> None:
    router = Router()

    @router.action_successful(MENU)
    def chosen(event: object) -> Reply:
        return Speak(text=f"You are {event}.")

    assert chosen("here") == Speak(text="You are here.")  # type: ignore[arg-type]
