"""What a caller notices of the settings of digits."""

from collections.abc import Mapping

from offhook.actions import Speak
from tests.emulator.functions import action_data, error, in_turn, types
from tests.emulator.settings_stories.decides import LISTEN, MENU, Answered, decides


@decides({"search": "11", "fullmatch": "InvalidDigitsReceived"})
def digits_regex(answered_by: Answered) -> object:
    call = answered_by(in_turn([_with(MENU.to_wire(), InputDigitsRegex="1")])).dials()
    call.interrupts("11#")
    call.waits(1)
    data = action_data(call.events[1])
    return data.get("ReceivedDigits", data.get("ErrorType"))


@decides({True: "12", False: "InvalidDigitsReceived"})
def regex_may_take_the_terminator(answered_by: Answered) -> object:
    call = answered_by(in_turn([_with(MENU.to_wire(), InputDigitsRegex=r"^\d{2}#$")])).dials()
    call.interrupts("12#")
    call.waits(1)
    data = action_data(call.events[1])
    return data.get("ReceivedDigits", data.get("ErrorType"))


@decides({True: (True, "1"), False: (False, "1")})
def barge_in(answered_by: Answered) -> object:
    call = answered_by(in_turn([_with(MENU.to_wire(), MaxNumberOfDigits=1)])).dials()
    call.interrupts("1")
    call.waits(2)
    return "is cut" in call.ladder.render(), action_data(call.events[1])["ReceivedDigits"]


@decides(
    {
        "after_terminator": ("", "InvalidDigitsReceived"),
        "always": ("", ""),
        "never": ("InvalidDigitsReceived", "InvalidDigitsReceived"),
    }
)
def no_digits_is_success(answered_by: Answered) -> object:
    came: list[object] = []
    for keys in ("#", ""):
        call = answered_by(in_turn([MENU])).dials()
        call.hears("Your number, please.")
        if keys:
            call.presses(keys)
        call.waits(3)
        data = action_data(call.events[1])
        came.append(data.get("ReceivedDigits", data.get("ErrorType")))
    return tuple(came)


@decides({True: 2, False: 1})
def failure_prompt_after_the_last_attempt(answered_by: Answered) -> object:
    call = answered_by(in_turn([MENU])).dials()
    call.waits(10)
    return call.heard


@decides({"Invalid digits received.": "Invalid digits received.", "Nothing.": "Nothing."})
def invalid_digits_message(answered_by: Answered) -> object:
    call = answered_by(in_turn([MENU])).dials()
    call.waits(10)
    return error(call.events[1])[1]


@decides({"stays": 2, "ends": 1})
def receive_digits_after_a_match(answered_by: Answered) -> object:
    call = answered_by(in_turn([Speak(text="Hello."), LISTEN])).dials()
    call.hears("Hello.")
    for _ in range(2):
        call.presses("1")
        call.waits(1)
    return types(call.events).count("DIGITS_RECEIVED")


@decides({"forget": [], "send": ["29"]})
def unmatched_digits(answered_by: Answered) -> object:
    call = answered_by(in_turn([Speak(text="Hello."), LISTEN])).dials()
    call.hears("Hello.")
    call.presses("29")
    call.waits(5)
    told = [event for event in call.events if event["InvocationEventType"] == "DIGITS_RECEIVED"]
    return [action_data(event)["ReceivedDigits"] for event in told]


def _with(wire: Mapping[str, object], **more: object) -> dict[str, object]:
    sent = wire["Parameters"]
    assert isinstance(sent, dict)
    return {"Type": wire["Type"], "Parameters": {**sent, **more}}
