"""Wrong use is answered with a sentence that says what to write instead.

About `offhook.handler.registration`, `offhook.handler.unhandled`, `offhook.handler.router`.
"""

import re
from collections.abc import Callable
from typing import cast

import pytest

from offhook.actions import Hangup, Pause, Response, SendDigits, Speak
from offhook.handler import ActionSuccessful, CallAnswered, Event, Menu, Reply, Router
from offhook.handler.event_types import EVENT_TYPES
from tests.handler.answers import Logged, saying
from tests.handler.payloads import payload

THIS_FILE = re.escape(__file__)


OTHERS = ("around", "check", "exception")


@pytest.mark.parametrize("decorator", [*(name.lower() for name in EVENT_TYPES), *OTHERS])
def test_a_decorator_without_parentheses_says_so(decorator: str) -> None:
    bare = cast("Callable[[object], object]", getattr(Router(), decorator))
    with pytest.raises(TypeError) as told:
        bare(saying("Hello."))
    assert str(told.value) == (
        f"@router.{decorator} has parentheses, conditions by name: @router.{decorator}()"
    )


@pytest.mark.parametrize("decorator", ["collects", "gives_up"])
def test_so_does_a_menus(decorator: str) -> None:
    bare = cast("Callable[[object], object]", getattr(Menu(Router(), "Press 1."), decorator))
    with pytest.raises(TypeError, match=rf"^@menu\.{decorator} has parentheses"):
        bare(saying("Hello."))


def test_a_condition_without_its_name_is_told_the_same() -> None:
    hangup = cast("Callable[[object], object]", Router().hangup)
    with pytest.raises(TypeError, match=r"conditions by name: @router\.hangup\(\)"):
        hangup("LEG-A")


@pytest.mark.parametrize(
    ("action", "says"),
    [(Speak, "Speak(text=...)"), (SendDigits, "SendDigits(call_id=...)"), (Hangup, "Hangup(name=")],
)
def test_an_action_takes_its_parameters_by_name(action: Callable[[str], object], says: str) -> None:
    with pytest.raises(TypeError, match="parameters go by name: write ") as told:
        action("Hi.")
    assert says in str(told.value)


@pytest.mark.parametrize(
    ("method", "asked", "says"),
    [
        ("digits_received", {"digits": 1}, 'write digits="1", or re.compile("...")'),
        ("hangup", {"our_number": 5550100}, 'write our_number="5550100", or re.compile'),
        ("include", {"other": re}, "include takes a router, as in include(flow.router), not <mod"),
    ],
)
def test_what_is_of_another_kind_is_refused_where_it_is_written(
    method: str, asked: dict[str, object], says: str
) -> None:
    call = cast("Callable[..., object]", getattr(Router(), method))
    with pytest.raises(TypeError) as told:
        call(**asked)
    assert says in str(told.value)


def test_so_is_what_a_menu_cannot_say() -> None:
    with pytest.raises(TypeError, match="what a menu says is a text, a Speak or a PlayAudio, no"):
        Menu(Router(), cast("str", 5))


@pytest.mark.parametrize("digits", [1, saying("Hello."), None])
def test_an_option_takes_its_keys_as_text(digits: object) -> None:
    option = cast("Callable[[object], object]", Menu(Router(), "Press 1.").option)
    with pytest.raises(ValueError, match=r'write the keys as text, as in "1": 1 to 1 of 0-9 and'):
        option(digits)


# --- what no function handles


def is_late(_event: Event) -> bool:
    """A condition that never holds."""
    return False


def test_an_event_that_nobody_handles_names_the_nearest_function_and_what_it_lacks(
    logged: Logged,
) -> None:
    router = Router()
    router.action_successful(Speak)(saying("another action"))

    @router.action_successful(Pause, leg="LEG-A", when=is_late)
    def nearly(event: ActionSuccessful[Pause]) -> Reply:
        return None

    router(payload("action_successful/pause"))
    (line,) = logged("WARNING")
    assert re.search(rf"The nearest is .*nearly \({THIS_FILE}:\d+\): when=is_late did not", line)


@pytest.mark.parametrize(
    ("stream", "said"), [("desk", "+15550109999"), ("2027/03/01/[$LATEST]0a1b2c3d", "***")]
)
def test_a_function_for_another_number_is_named_in_lambda_without_the_number(
    logged: Logged, monkeypatch: pytest.MonkeyPatch, stream: str, said: str
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "line")
    monkeypatch.setenv("AWS_LAMBDA_LOG_STREAM_NAME", stream)
    router, flow = Router(), Router()
    flow.call_answered()(saying("Hello."))
    router.include(flow, our_number="+15550109999")
    router(payload("call_answered/minimal"))
    (line,) = logged("WARNING")
    assert f"our_number='{said}' did not hold" in line


def test_where_no_function_is_for_such_an_event_none_is_near(logged: Logged) -> None:
    router = Router()
    router.hangup()(saying("Goodbye."))
    router(payload("call_answered/minimal"))
    (line,) = logged("WARNING")
    assert "nearest" not in line


# --- replies


def test_a_reply_that_is_refused_names_the_function_that_made_it(logged: Logged) -> None:
    router = Router()

    @router.call_answered()
    def nested(event: CallAnswered) -> Reply:
        return cast("Reply", [Response(Speak(text="Hello."))])

    router(payload("call_answered/minimal"))
    (line,) = logged("ERROR")
    assert re.search(rf"the reply of .*nested \({THIS_FILE}:\d+\) is refused:\n", line)
    assert line.endswith(
        "Actions[0]: a handler returned a Response within a reply: unpack *its.actions; "
        "attributes go into the outer one"
    )
    assert "in envelope" not in line  # how the framework found out
