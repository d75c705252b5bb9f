"""Routers are joined; two functions for the same events are refused, by name."""

import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from types import FunctionType

import pytest

from offhook.actions import Hangup, PlayAudio, Speak, SpeakAndGetDigits
from offhook.handler import (
    ActionSuccessful,
    Event,
    NewInboundCall,
    OffhookError,
    Reply,
    RouteClash,
    Router,
)
from tests.handler.answers import explaining, heard, saying
from tests.handler.payloads import legs, payload, storing

CALL = "new_inbound_call/minimal"
HERE = Path(__file__).name


def welcome(event: NewInboundCall) -> Reply:
    return Speak(text="Welcome.")


def greet(event: NewInboundCall) -> Reply:
    return Speak(text="Hello.")


def line_of(function: object) -> str:
    """Where a function starts, as a clash names it."""
    assert isinstance(function, FunctionType)
    return f"{HERE}:{function.__code__.co_firstlineno}"


def test_two_functions_for_the_same_events_are_refused_with_the_places_of_both() -> None:
    router = Router()
    router.new_inbound_call()(welcome)
    with pytest.raises(RouteClash) as refused:
        router.new_inbound_call()(greet)
    message = str(refused.value)
    assert "two functions answer NEW_INBOUND_CALL (any)" in message
    for function in (welcome, greet):
        assert function.__qualname__ in message
        assert line_of(function) in message
    assert isinstance(refused.value, OffhookError)
    assert heard(router, payload(CALL)) == "Welcome."


def menu(text: str = "Press 1.") -> SpeakAndGetDigits:
    """A menu that is made anew each time."""
    return SpeakAndGetDigits(text=text, failure_text="Sorry?", repeat_duration_in_milliseconds=5000)


def weekday(event: Event) -> bool:
    return True


def test_conditions_are_the_same_when_their_values_are_equal() -> None:
    router = Router()
    router.new_inbound_call(our_number="+1", state={"a": 1}, when=weekday)(welcome)
    with pytest.raises(RouteClash, match=r"our_number='\+1'.*when=weekday"):
        router.new_inbound_call(when=weekday, state={"a": 1}, our_number="+1")(greet)
    router.action_successful(menu(), digits=re.compile("[12]"))(saying("one"))
    with pytest.raises(RouteClash, match=r"action=SpeakAndGetDigits\('Press 1\.'\)"):
        router.action_successful(menu(), digits=re.compile("[12]"))(saying("two"))
    router.action_successful(PlayAudio)(saying("one"))
    with pytest.raises(RouteClash, match="action=PlayAudio"):
        router.action_successful(PlayAudio)(saying("two"))


def test_conditions_are_not_the_same_when_a_value_differs() -> None:
    router = Router()
    router.new_inbound_call()(welcome)
    router.new_inbound_call(our_number="+1")(welcome)
    router.new_inbound_call(our_number="+2")(welcome)
    router.new_inbound_call(our_number=re.compile(r"\+1"))(welcome)
    router.new_inbound_call(state={"a": 1})(welcome)
    router.new_inbound_call(state={"a": 2})(welcome)
    router.new_inbound_call(when=weekday)(welcome)
    router.new_inbound_call(when=lambda event: event.sequence > 0)(welcome)
    router.action_successful()(saying("a"))
    router.action_failed()(saying("a"))
    router.action_successful(menu())(saying("a"))
    router.action_successful(menu("Press 2."))(saying("a"))
    router.action_successful(SpeakAndGetDigits)(saying("a"))
    router.action_successful(digits="1")(saying("a"))
    router.action_successful(digits=re.compile("1"))(saying("a"))
    router.action_successful(digits=re.compile("1", re.IGNORECASE))(saying("a"))
    assert len(list(router.routes)) == 16


def test_one_function_may_answer_several_events() -> None:
    router = Router()
    router.new_inbound_call(our_number="+15550100100")(welcome)
    router.new_inbound_call(our_number="+15550100999")(welcome)
    assert heard(router, payload(CALL)) == "Welcome."


def test_a_router_takes_over_the_functions_of_another() -> None:
    app, flow = Router(), Router()
    flow.new_inbound_call()(welcome)
    app.include(flow)
    assert heard(app, payload(CALL)) == "Welcome."
    assert heard(flow, payload(CALL)) == "Welcome."


def test_functions_are_taken_over_under_further_conditions() -> None:
    app, sales, support = Router(), Router(), Router()
    sales.new_inbound_call()(saying("sales"))
    support.new_inbound_call()(saying("support"))
    app.include(sales, our_number="+15550100100")
    app.include(support, our_number="+15550100999")
    assert heard(app, payload(CALL)) == "sales"


def test_all_conditions_hold_those_of_the_function_and_those_of_the_inclusion() -> None:
    app, flow = Router(), Router()
    flow.call_answered(state={"asked": "name"})(saying("name"))
    flow.call_answered(our_number="+15550100100")(saying("number"))
    app.include(flow, our_number="+15550100100", state={"flow": "survey"})
    assert heard(app, storing({"asked": "name", "flow": "survey"})) == "name"
    assert heard(app, storing({"flow": "survey"})) == "number"
    assert heard(app, storing({"asked": "name"})) not in ("name", "number")


def test_a_function_for_another_number_is_not_reached() -> None:
    app, flow = Router(), Router()
    flow.new_inbound_call(our_number="+15550100100")(welcome)
    app.include(flow, our_number="+15550100999")
    assert heard(app, payload(CALL)) != "Welcome."


def test_an_inclusion_may_ask_a_function() -> None:
    app, flow = Router(), Router()
    flow.new_inbound_call()(welcome)
    app.include(flow, when=lambda event: event.other_party == "+15550100200")
    assert heard(app, payload(CALL)) == "Welcome."


def test_two_routers_with_the_same_functions_clash() -> None:
    app, one, other = Router(), Router(), Router()
    one.new_inbound_call()(welcome)
    other.new_inbound_call()(greet)
    app.include(one)
    with pytest.raises(RouteClash) as refused:
        app.include(other)
    assert line_of(welcome) in str(refused.value)
    assert line_of(greet) in str(refused.value)


def test_one_router_may_serve_two_numbers() -> None:
    app, flow = Router(), Router()
    flow.new_inbound_call()(welcome)
    flow.exception(KeyError)(explaining(Hangup()))
    app.include(flow, our_number="+15550100100")
    app.include(flow, our_number="+15550100999")
    assert heard(app, payload(CALL)) == "Welcome."
    with pytest.raises(RouteClash):
        app.include(flow, our_number="+15550100999")


def test_a_router_that_was_included_takes_nothing_more() -> None:
    app, flow = Router(), Router()
    flow.new_inbound_call()(welcome)
    app.include(flow)
    with pytest.raises(RouteClash, match="is included in another one"):
        flow.call_answered()(saying("too late"))
    with pytest.raises(RouteClash, match="is included in another one"):
        flow.exception(KeyError)(explaining(None))
    with pytest.raises(RouteClash, match="is included in another one"):
        flow.include(Router())


def test_a_router_does_not_include_itself() -> None:
    router = Router()
    router.new_inbound_call()(welcome)
    with pytest.raises(RouteClash):
        router.include(router)


def test_a_condition_that_an_inclusion_cannot_have_is_refused() -> None:
    with pytest.raises(TypeError, match="include takes our_number, state, when, not digits"):
        Router().include(Router(), digits="1")  # type: ignore[call-arg]


def test_exception_handlers_come_along() -> None:
    app, flow = Router(), Router()

    @flow.new_inbound_call()
    def fails(event: NewInboundCall) -> Reply:
        raise KeyError("customer")

    @flow.exception(LookupError)
    def not_found(event: Event, error: LookupError) -> Reply:
        return Speak(text="We do not know you.")

    app.include(flow)
    assert heard(app, payload(CALL)) == "We do not know you."


def test_two_handlers_of_one_exception_clash() -> None:
    def one(event: Event, error: Exception) -> Reply:
        return None

    def other(event: Event, error: Exception) -> Reply:
        return None

    router = Router()
    router.exception(KeyError)(one)
    router.exception(KeyError)(one)
    with pytest.raises(RouteClash, match="two functions answer KeyError") as refused:
        router.exception(KeyError)(other)
    assert line_of(one) in str(refused.value)
    assert line_of(other) in str(refused.value)


def fails(event: NewInboundCall) -> Reply:
    raise KeyError("customer")


def excusing(*answers: tuple[type[Exception], str]) -> Router:
    """A flow whose function fails, and what it says then."""
    flow = Router()
    flow.new_inbound_call()(fails)
    for kind, text in answers:
        flow.exception(kind)(explaining(Speak(text=text)))
    return flow


def test_each_flow_answers_the_exceptions_of_its_own_functions() -> None:
    app = Router()
    app.include(excusing((KeyError, "sales")), our_number="+15550100100")
    app.include(excusing((KeyError, "support")), our_number="+15550100999")
    assert heard(app, payload(CALL)) == "sales"
    event = payload(CALL)
    legs(event)[0]["To"] = "+15550100999"
    assert heard(app, event) == "support"


def test_what_a_flow_does_not_answer_whoever_includes_it_may() -> None:
    app, department = Router(), Router()
    department.include(excusing((ValueError, "flow")))
    department.exception(LookupError)(explaining(Speak(text="department")))
    app.include(department)
    app.exception(KeyError)(explaining(Speak(text="application")))
    assert heard(app, payload(CALL)) == "department"
    other = Router()
    other.include(excusing())
    other.exception(KeyError)(explaining(Speak(text="application")))
    assert heard(other, payload(CALL)) == "application"


def test_a_flow_is_asked_before_the_application_however_near_its_handler_is() -> None:
    app = Router()
    app.exception(KeyError)(explaining(Speak(text="application")))
    app.include(excusing((Exception, "flow")))
    assert heard(app, payload(CALL)) == "flow"


def test_a_flow_does_not_answer_for_another_nor_for_the_application() -> None:
    app = Router()
    app.include(excusing((KeyError, "flow")), our_number="+15550100999")
    app.new_inbound_call()(fails)
    assert heard(app, payload(CALL)) not in ("flow", "application")
    app.exception(KeyError)(explaining(Speak(text="application")))
    assert heard(app, payload(CALL)) == "application"


def test_a_hook_that_fails_is_answered_by_the_application() -> None:
    app = Router()
    app.include(excusing((KeyError, "flow")))
    app.exception(KeyError)(explaining(Speak(text="application")))

    @app.around()
    def broken(event: Event, answer: Callable[[Event], Reply]) -> Reply:
        raise KeyError("quota")

    assert heard(app, payload(CALL)) == "application"


def test_routes_are_listed_in_the_order_in_which_they_are_asked() -> None:
    router = Router()
    router.action_successful()(saying("any"))
    router.action_successful(PlayAudio, leg="LEG-B")(saying("played to the callee"))
    router.action_successful(menu(), digits=re.compile("[1-3]"), state={"a": 1})(saying("chosen"))
    assert [f"{route.event_type} {route.describe()}" for route in router.routes] == [
        "ACTION_SUCCESSFUL action=SpeakAndGetDigits('Press 1.'), digits=/[1-3]/, state={'a': 1}",
        "ACTION_SUCCESSFUL action=PlayAudio, leg='LEG-B'",
        "ACTION_SUCCESSFUL (any)",
    ]


def test_a_decorated_function_is_named_by_its_own_place() -> None:
    def loud(event: ActionSuccessful) -> Reply:
        return Speak(text="LOUD")

    @wraps(loud)
    def wrapped(event: ActionSuccessful) -> Reply:
        return loud(event)

    router = Router()
    router.action_successful()(wrapped)
    with pytest.raises(RouteClash) as refused:
        router.action_successful()(wrapped)
    assert line_of(loud) in str(refused.value)
