"""What is answered when nobody handles an event."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from offhook.actions import Hangup, Pause, Response, Speak
from offhook.emulator.testing import Phone
from offhook.handler import Event, Fallbacks, Reply, Router, apologise, hang_up_the_rest
from offhook.handler.events import parse
from tests.handler.answers import heard, returning, saying
from tests.handler.payloads import NAMES, ONE_OF_EACH, data, legs, payload

A = "a1d4e6f2-3b57-4c08-9e1a-5f72b8c0d913"
B = "b7c9f1a3-6e24-4d50-8f3b-0e91a2d4c685"
SORRY = "We are sorry, something went wrong. Please call again later."

Actions: TypeAlias = list[dict[str, object]]

CARRIES_ON: dict[str, object] = {"SchemaVersion": "1.0", "Actions": []}


def sorry(*call_ids: str) -> Actions:
    """An apology and a hang-up on each of these legs."""
    words = {"Text": SORRY, "VoiceId": "Joanna"}
    spoken: Actions = [
        {"Type": "Speak", "Parameters": {**words, "CallId": leg}} for leg in call_ids
    ]
    ended: Actions = [{"Type": "Hangup", "Parameters": {"CallId": leg}} for leg in call_ids]
    return spoken + ended


UNANSWERED: Actions = [
    {"Type": "Speak", "Parameters": {"Text": SORRY, "VoiceId": "Joanna"}},
    {"Type": "Hangup", "Parameters": {}},
]


def is_alone_and_done(name: str) -> bool:
    """Whether this is a success after which one caller would hear nothing any more."""
    event = payload(name)
    (is_up, *more) = [leg.get("Status") == "Connected" for leg in legs(event)]
    return is_up and not more and data(event)["Type"] != "ReceiveDigits"


APOLOGISE: dict[str, Actions] = {
    "new_inbound_call/minimal": UNANSWERED,
    "new_inbound_call/with_sip_headers": UNANSWERED,
    "new_inbound_call/with_status_as_in_docs": sorry(A),
    "call_answered/minimal": sorry(A),
    "call_answered/with_attributes": sorry(A),
    "invalid_lambda_response/attributes": UNANSWERED,
    "invalid_lambda_response/schema_version_mismatch": UNANSWERED,
    "invalid_lambda_response/in_action_data": sorry(A),
    "invalid_lambda_response/unsupported_action": sorry(A),
    **{
        name: sorry(A)
        for name in NAMES
        if name.startswith("action_successful/") and is_alone_and_done(name)
    },
}

HANG_UP = {
    "hangup/leg_b_leg_a_still_up": A,
    "hangup/leg_a_leg_b_still_up": B,
    "hangup/doc_glitch_leg_b": A,
}

FAILURES = [name for name in NAMES if name.startswith("action_failed/")]

CARRY_ON = sorted({*NAMES} - {*APOLOGISE, *HANG_UP, *FAILURES})


@pytest.mark.parametrize("name", CARRY_ON)
def test_the_call_goes_on(name: str) -> None:
    assert Router()(payload(name)) == CARRIES_ON, "what is answered instead belongs in APOLOGISE"


@pytest.mark.parametrize("name", APOLOGISE)
def test_the_caller_hears_an_apology(name: str) -> None:
    assert Router()(payload(name)) == {"SchemaVersion": "1.0", "Actions": APOLOGISE[name]}


@pytest.mark.parametrize("name", HANG_UP)
def test_when_one_leg_ends_the_other_is_hung_up(name: str) -> None:
    assert Router()(payload(name))["Actions"] == [
        {"Type": "Hangup", "Parameters": {"CallId": HANG_UP[name]}}
    ]


def failed(name: str) -> str:
    """The action that a failure is about."""
    return str(data(payload(name))["Type"])


@pytest.mark.parametrize("name", [n for n in FAILURES if failed(n) not in ("Speak", "Hangup")])
def test_when_an_action_fails_everybody_hears_an_apology(name: str) -> None:
    event = payload(name)
    on_the_call = [str(leg["CallId"]) for leg in legs(event) if leg.get("Status") == "Connected"]
    expected = sorry(*on_the_call) if on_the_call else UNANSWERED
    assert Router()(event)["Actions"] == expected


@pytest.mark.parametrize("name", [n for n in FAILURES if failed(n) == "Speak"])
def test_speech_that_failed_is_not_followed_by_more_speech(name: str) -> None:
    assert Router()(payload(name))["Actions"] == [{"Type": "Hangup", "Parameters": {"CallId": A}}]


def test_a_hangup_that_failed_is_tried_again_later() -> None:
    assert Router()(payload("action_failed/hangup_bad_leg"))["Actions"] == [
        {"Type": "Pause", "Parameters": {"CallId": A, "DurationInMilliseconds": "10000"}},
        {"Type": "Hangup", "Parameters": {"CallId": A}},
    ]


def test_an_event_of_an_unknown_type_is_carried_on_from() -> None:
    event = payload("call_answered/minimal", InvocationEventType="NOT_ONE_OF_OURS")
    assert Router()(event) == CARRIES_ON


def test_a_failure_that_nobody_hears_is_not_apologised_for() -> None:
    event = payload("action_failed/play_audio_system")
    legs(event)[0]["Status"] = "Disconnected"
    assert Router()(event) == CARRIES_ON


@pytest.mark.parametrize("setting", ONE_OF_EACH)
def test_each_fallback_can_be_chosen(setting: str) -> None:
    chosen: dict[str, Callable[[Event], Reply]] = {setting: saying("chosen")}
    router = Router(fallbacks=Fallbacks(**chosen))
    for name in ONE_OF_EACH.values():
        is_its_own = name == ONE_OF_EACH[setting]
        assert (heard(router, payload(name)) == "chosen") is is_its_own


def test_the_fallback_of_an_unknown_event_can_be_chosen() -> None:
    router = Router(fallbacks=Fallbacks(unknown_event=saying("what?")))
    event = payload("call_answered/minimal", InvocationEventType="NOT_ONE_OF_OURS")
    assert heard(router, event) == "what?"


@pytest.mark.parametrize("name", ["new_outbound_call/with_arguments", "ringing/minimal"])
def test_a_fallback_may_store_attributes_where_actions_are_ignored(name: str) -> None:
    store = returning(Response(None, attributes={"campaign": "7"}))
    router = Router(fallbacks=Fallbacks(new_outbound_call=store, ringing=store))
    assert router(payload(name)) == {**CARRIES_ON, "TransactionAttributes": {"campaign": "7"}}


def test_a_fallback_is_only_asked_when_nobody_handles_the_event() -> None:
    router = Router(fallbacks=Fallbacks(call_answered=saying("fallback")))
    router.call_answered()(saying("handler"))
    assert heard(router, payload("call_answered/minimal")) == "handler"


def test_the_apology_can_be_worded() -> None:
    router = Router(fallbacks=Fallbacks(new_inbound_call=apologise("Désolé.", voice_id="Celine")))
    assert router(payload("new_inbound_call/minimal"))["Actions"] == [
        {"Type": "Speak", "Parameters": {"Text": "Désolé.", "VoiceId": "Celine"}},
        {"Type": "Hangup", "Parameters": {}},
    ]


@pytest.mark.parametrize("text", ["", "x" * 1001], ids=len)
def test_an_apology_that_cannot_be_said_fails_where_it_is_written(text: str) -> None:
    with pytest.raises(ValueError, match="text"):
        apologise(text)


def test_the_rest_is_whoever_is_connected() -> None:
    event = parse(payload("call_update_requested/bridged_with_attributes"))
    assert hang_up_the_rest(event) == [Hangup(call_id=A), Hangup(call_id=B)]
    assert hang_up_the_rest(parse(payload("hangup/single_leg"))) == []


def test_who_rings_us_is_hung_up_and_whom_we_ring_is_not_yet() -> None:
    ringing = hang_up_the_rest(parse(payload("new_inbound_call/minimal")))
    assert [hangup.call_id for hangup in ringing] == [A]
    assert hang_up_the_rest(parse(payload("new_outbound_call/with_arguments"))) == []


def test_an_update_ends_a_call_that_nobody_has_answered() -> None:
    router = Router()

    @router.new_inbound_call()
    def waits(_event: Event) -> Reply:
        return Pause(duration_in_milliseconds=30_000)

    @router.call_update_requested()
    def ends(event: Event) -> Reply:
        return hang_up_the_rest(event)

    with Phone(router) as phone:
        call = phone.dials()
        call.updates()
        call.waits(1)
        assert call.is_over


def test_a_fallback_may_answer_with_any_actions() -> None:
    router = Router(
        fallbacks=Fallbacks(
            action_successful=lambda event: [
                Pause(duration_in_milliseconds=500),
                Speak(text=f"After {event.sequence}."),
            ]
        )
    )
    assert router(payload("action_successful/speak"))["Actions"] == [
        {"Type": "Pause", "Parameters": {"DurationInMilliseconds": "500"}},
        {"Type": "Speak", "Parameters": {"Text": "After 3."}},
    ]
