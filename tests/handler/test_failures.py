"""A call never drops because of a flow: exceptions, hooks, and what the caller hears then."""

from collections.abc import Callable
from typing import cast

import pytest

from offhook.actions import CallAndBridge, Hangup, Speak
from offhook.handler import (
    CallAnswered,
    CallUpdateRequested,
    DigitsReceived,
    Event,
    Fallbacks,
    NewInboundCall,
    Reply,
    ReplyRefused,
    Router,
    apologise,
    carry_on,
)
from tests.handler.answers import Logged, explaining, failing, heard, returning, saying
from tests.handler.payloads import payload

CALL = "call_answered/minimal"
LEG = "a1d4e6f2-3b57-4c08-9e1a-5f72b8c0d913"
SORRY = "We are sorry, something went wrong. Please call again later."

APOLOGY = [
    {"Type": "Speak", "Parameters": {"Text": SORRY, "VoiceId": "Joanna", "CallId": LEG}},
    {"Type": "Hangup", "Parameters": {"CallId": LEG}},
]


class OutOfOrder(LookupError):
    """A failure of the flow's own."""


@pytest.mark.parametrize(
    "error", [KeyError("customer"), ValueError(), RecursionError(), OutOfOrder("x")], ids=repr
)
def test_when_a_handler_raises_the_caller_hears_an_apology(error: Exception) -> None:
    router = Router()
    router.call_answered()(failing(error))
    assert router(payload(CALL)) == {"SchemaVersion": "1.0", "Actions": APOLOGY}


def test_everybody_on_the_call_hears_the_apology() -> None:
    router = Router()
    router.hangup()(failing(KeyError()))
    router.invalid_lambda_response()(failing(KeyError()))
    actions = router(payload("hangup/leg_b_leg_a_still_up"))["Actions"]
    assert actions == APOLOGY
    router.call_update_requested()(failing(KeyError()))
    both = router(payload("call_update_requested/bridged_with_attributes"))["Actions"]
    assert isinstance(both, list)
    assert len(both) == 4


def test_before_the_call_is_answered_the_apology_goes_to_the_leg_of_the_event() -> None:
    router = Router()
    router.new_inbound_call()(failing(KeyError()))
    assert router(payload("new_inbound_call/minimal"))["Actions"] == [
        {"Type": "Speak", "Parameters": {"Text": SORRY, "VoiceId": "Joanna"}},
        {"Type": "Hangup", "Parameters": {}},
    ]


@pytest.mark.parametrize(
    "name", ["ringing/minimal", "new_outbound_call/with_arguments", "hangup/single_leg"]
)
def test_where_the_service_ignores_actions_there_is_no_apology(name: str, logged: Logged) -> None:
    router = Router()
    for file in (router.ringing, router.new_outbound_call, router.hangup):
        file()(failing(KeyError("customer")))
    assert router(payload(name)) == {"SchemaVersion": "1.0", "Actions": []}
    (line,) = logged("ERROR")
    assert "KeyError: 'customer'" in line


def test_the_log_says_what_failed_and_where(
    logged: Logged, caplog: pytest.LogCaptureFixture
) -> None:
    router = Router()
    router.call_answered()(failing(OutOfOrder("no such order")))
    router(payload(CALL))
    (line,) = logged("ERROR")
    assert line.startswith(
        "CALL_ANSWERED 3 on LEG-A of 4f1c2b7e-9d35-4a60-8c11-6b0f5e2d7a90: a handler failed"
    )
    assert "answers.py" in line
    assert "OutOfOrder: no such order" in line
    (record,) = (record for record in caplog.records if record.levelname == "ERROR")
    assert (record.__dict__["sequence"], record.__dict__["leg"]) == (3, "LEG-A")
    assert record.__dict__["event"] == "CALL_ANSWERED"


def test_an_exception_is_answered_by_the_handler_of_its_nearest_class() -> None:
    router = Router()
    router.exception(Exception)(explaining(Speak(text="something")))
    router.exception(LookupError)(explaining(Speak(text="a lookup")))
    router.call_answered(state={"fail": "order"})(failing(OutOfOrder()))
    router.call_answered(our_number="+15550100100")(failing(OutOfOrder()))
    assert heard(router, payload(CALL)) == "a lookup"
    router.exception(OutOfOrder)(explaining(Speak(text="an order")))
    assert heard(router, payload(CALL)) == "an order"
    router.ringing()(failing(ValueError()))
    assert heard(router, payload("ringing/minimal")) == "something"


def test_an_exception_handler_gets_the_event_and_the_exception() -> None:
    seen: list[object] = []
    router = Router()
    router.call_answered()(failing(OutOfOrder("42")))

    @router.exception(OutOfOrder)
    def explain(event: Event, error: OutOfOrder) -> Reply:
        seen.extend([event.sequence, str(error)])
        return Hangup()

    assert router(payload(CALL))["Actions"] == [{"Type": "Hangup", "Parameters": {}}]
    assert seen == [3, "42"]


def test_an_exception_that_was_answered_is_not_logged(logged: Logged) -> None:
    router = Router()
    router.call_answered()(failing(OutOfOrder()))
    router.exception(OutOfOrder)(explaining(Hangup()))
    router(payload(CALL))
    assert logged("ERROR", "WARNING") == []


def test_a_refused_reply_can_be_answered_like_any_exception() -> None:
    router = Router()
    router.call_answered()(returning([Hangup()] * 11))
    router.exception(ReplyRefused)(explaining(Speak(text="too much")))
    assert heard(router, payload(CALL)) == "too much"


def test_when_the_exception_handler_fails_too_the_caller_hears_the_apology(
    logged: Logged,
) -> None:
    def fails_again(event: Event, error: Exception) -> Reply:
        raise RuntimeError("again") from error

    router = Router()
    router.call_answered()(failing(OutOfOrder()))
    router.exception(OutOfOrder)(fails_again)
    assert router(payload(CALL))["Actions"] == APOLOGY
    assert "RuntimeError: again" in logged("ERROR")[0]


def test_when_the_reply_of_the_exception_handler_is_refused_the_caller_hears_the_apology() -> None:
    router = Router()
    router.call_answered()(failing(OutOfOrder()))
    router.exception(OutOfOrder)(explaining([Hangup()] * 11))
    assert router(payload(CALL))["Actions"] == APOLOGY


def test_the_answer_to_a_failure_can_be_chosen() -> None:
    router = Router(fallbacks=Fallbacks(handler_failed=saying("One moment.")))
    router.call_answered()(failing(OutOfOrder()))
    assert heard(router, payload(CALL)) == "One moment."


@pytest.mark.parametrize("fallback", [failing(ValueError("no")), returning([Hangup()] * 11)])
def test_when_that_fails_too_the_caller_still_hears_the_apology(
    fallback: Callable[[Event], Reply], logged: Logged
) -> None:
    router = Router(fallbacks=Fallbacks(handler_failed=fallback))
    router.call_answered()(failing(OutOfOrder()))
    assert router(payload(CALL))["Actions"] == APOLOGY
    first, second = logged("ERROR")
    assert "a handler failed" in first
    assert "the fallback handler_failed failed too" in second


def test_a_fallback_that_fails_is_a_failure_like_any(logged: Logged) -> None:
    router = Router(fallbacks=Fallbacks(call_answered=failing(OutOfOrder("x"))))
    assert router(payload(CALL))["Actions"] == APOLOGY
    assert "OutOfOrder: x" in logged("ERROR")[0]


def test_a_failure_may_be_carried_on_from() -> None:
    router = Router(fallbacks=Fallbacks(handler_failed=carry_on))
    router.call_answered()(failing(OutOfOrder()))
    assert router(payload(CALL))["Actions"] == []


IN_BETWEEN = ["digits_received/bridged", "call_update_requested/bridged_with_attributes"]
"""Events that come while something else is going on."""


def digits_or_update(router: Router, handler: Callable[[Event], Reply]) -> None:
    """File a handler for both."""
    router.digits_received()(handler)
    router.call_update_requested()(handler)


@pytest.mark.parametrize("name", IN_BETWEEN)
@pytest.mark.parametrize("handler", [failing(KeyError()), returning([Hangup()] * 11)])
def test_a_failure_in_between_ends_the_call_for_everybody(
    name: str, handler: Callable[[Event], Reply]
) -> None:
    router = Router()
    digits_or_update(router, handler)
    actions = cast("list[dict[str, object]]", router(payload(name))["Actions"])
    assert [action["Type"] for action in actions] == ["Speak", "Speak", "Hangup", "Hangup"]


@pytest.mark.parametrize("name", IN_BETWEEN)
def test_where_the_author_says_so_a_call_goes_on_after_a_failure_in_between(name: str) -> None:
    def failed(event: Event) -> Reply:
        if isinstance(event, (DigitsReceived, CallUpdateRequested)):
            return None
        return apologise()(event)

    router = Router(fallbacks=Fallbacks(handler_failed=failed))
    digits_or_update(router, failing(KeyError()))
    router.call_answered()(failing(KeyError()))
    assert router(payload(name))["Actions"] == []
    assert router(payload(CALL))["Actions"] == APOLOGY


class Unspeakable(Exception):
    """An exception whose message cannot be made."""

    def __str__(self) -> str:
        raise ValueError("no words")


def test_an_exception_without_words_is_a_failure_like_any(logged: Logged) -> None:
    router = Router()
    router.call_answered()(failing(Unspeakable()))
    assert router(payload(CALL))["Actions"] == APOLOGY
    assert "Unspeakable" in logged("ERROR")[0]


def test_leaving_the_process_is_not_a_failure_of_the_flow() -> None:
    router = Router()
    router.call_answered()(failing(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        router(payload(CALL))


def test_hooks_go_around_every_event_the_first_outermost() -> None:
    order: list[str] = []
    router = Router()

    @router.around()
    def outer(event: Event, answer: Callable[[Event], Reply]) -> Reply:
        order.append("outer before")
        reply = answer(event)
        order.append("outer after")
        return reply

    @router.around()
    def inner(event: Event, answer: Callable[[Event], Reply]) -> Reply:
        order.append("inner before")
        reply = answer(event)
        order.append("inner after")
        return reply

    @router.call_answered()
    def handler(event: CallAnswered) -> Reply:
        order.append("handler")
        return Hangup()

    assert router(payload(CALL))["Actions"] == [{"Type": "Hangup", "Parameters": {}}]
    assert order == ["outer before", "inner before", "handler", "inner after", "outer after"]


def test_a_hook_may_answer_itself_or_change_the_answer() -> None:
    router = Router()
    router.new_inbound_call()(saying("from the handler"))
    router.call_answered()(saying("from the handler"))

    @router.around()
    def gate(event: Event, answer: Callable[[Event], Reply]) -> Reply:
        if isinstance(event, NewInboundCall):
            return Speak(text="from the hook")
        answer(event)
        return Speak(text="instead")

    assert heard(router, payload("new_inbound_call/minimal")) == "from the hook"
    assert heard(router, payload(CALL)) == "instead"


def test_a_hook_sees_what_nobody_handles_and_every_failure() -> None:
    seen: list[str] = []
    router = Router()
    router.call_answered()(failing(OutOfOrder("x")))

    @router.around()
    def watch(event: Event, answer: Callable[[Event], Reply]) -> Reply:
        try:
            return answer(event)
        except OutOfOrder as error:
            seen.append(f"{event.invocation_event_type} {error}")
            raise
        finally:
            seen.append(event.invocation_event_type)

    router(payload("ringing/minimal"))
    assert router(payload(CALL))["Actions"] == APOLOGY
    assert seen == ["RINGING", "CALL_ANSWERED x", "CALL_ANSWERED"]


def test_a_hook_that_fails_is_a_failure_like_any() -> None:
    router = Router()
    router.call_answered()(saying("hello"))

    @router.around()
    def broken(event: Event, answer: Callable[[Event], Reply]) -> Reply:
        raise OutOfOrder

    assert router(payload(CALL))["Actions"] == APOLOGY


def test_the_hooks_of_an_included_router_stay_with_it() -> None:
    app, flow = Router(), Router()
    flow.call_answered()(saying("hello"))

    @flow.around()
    def loud(event: Event, answer: Callable[[Event], Reply]) -> Reply:
        return Speak(text="HELLO")

    app.include(flow)
    assert heard(app, payload(CALL)) == "hello"
    assert heard(flow, payload(CALL)) == "HELLO"


@pytest.mark.usefixtures("in_lambda")
def test_the_log_of_a_refused_value_does_not_hold_it(logged: Logged) -> None:
    router = Router()

    @router.call_answered()
    def calls_back(event: CallAnswered) -> Reply:
        number = event.other_party.removeprefix("+")
        return CallAndBridge(caller_id_number=event.our_number, uri=number)

    assert router(payload(CALL))["Actions"] == APOLOGY
    (line,) = logged("ERROR")
    assert "uri: a PSTN endpoint is an E.164 number" in line
    assert "5550100300" not in line
