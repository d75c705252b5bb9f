"""Small handlers that look up in a table what was pressed or understood, with a fault behind one
entry of it; and the same without it."""

from collections.abc import Mapping

from offhook.actions import Speak
from tests.emulator.explore.planted import nobody_thought_of_this
from tests.emulator.explore.planted_disturbed import TALKS, intent
from tests.emulator.explore.planting import (
    BYE,
    DESK,
    HELLO,
    OURS,
    Answer,
    Event,
    Handler,
    Planted,
    answers,
    asks,
    made_of,
    told,
)

EXTENSIONS = {101: DESK, 204: "15550100400", 305: "+15550100500"}
MENDED = EXTENSIONS | {204: "+15550100400"}
PINS = ["4711", "0815"]
MEMBERS = [{"name": "Ada", "pin": "2342"}, {"nmae": "Bob", "pin": "9876"}]


def asked(expression: str, then: Answer) -> Handler:
    """Digits, and what comes of them; in this file, whose keys are tried."""

    def handler(event: Event, context: object) -> object:
        usual = {"NEW_INBOUND_CALL": [asks(expression)], "ACTION_SUCCESSFUL": then}
        return answers(**usual)(event, context)

    return handler


def bridged(extensions: Mapping[int, str]) -> Handler:
    def dialled(event: Event) -> object:
        kind, digits = told(event)[1]["Type"], told(event)[1].get("ReceivedDigits", "")
        if kind != "SpeakAndGetDigits":
            return []
        uri = extensions.get(int(digits))
        ends = [{"BridgeEndpointType": "PSTN", "Uri": uri}]
        parameters = {"CallTimeoutSeconds": 20, "CallerIdNumber": OURS, "Endpoints": ends}
        return [{"Type": "CallAndBridge", "Parameters": parameters}] if uri else HELLO

    return asked(r"^\d{3}$", dialled)


number_that_lacks_its_plus = Planted(
    "refused-action", "presses 204", bridged(EXTENSIONS), bridged(MENDED)
)


def with_pin(then: Answer) -> Handler:
    def pressed(event: Event) -> object:
        return made_of(then, event) if told(event)[1].get("ReceivedDigits") in PINS else HELLO

    return asked(r"^\d{4}$", pressed)


behind_a_pin_of_a_list = Planted(
    "function-failed", "presses 4711", with_pin(nobody_thought_of_this), with_pin(BYE)
)


def greets(*, by: str) -> Handler:
    def pressed(event: Event) -> object:
        digits = told(event)[1].get("ReceivedDigits")
        its = next((each for each in MEMBERS if each["pin"] == digits), MEMBERS[0])
        return [Speak(text=its[by]), *BYE]

    return asked(r"^\d{4}$", pressed)


member_without_a_name = Planted(
    "function-failed", "presses 9876", greets(by="name"), greets(by="pin")
)


def order(_event: Event) -> object:
    raise KeyError("size")


INTENTS: dict[str, Answer] = {
    "OrderTandem": order,
    "FallbackIntent": BYE,
}


def on_intent(*, is_wrong: bool) -> Handler:
    def handler(event: Event, context: object) -> object:
        def understood(event: Event) -> object:
            return made_of(INTENTS.get(intent(event)[0], BYE), event) if is_wrong else BYE

        usual: dict[str, Answer] = {"NEW_INBOUND_CALL": [TALKS], "ACTION_SUCCESSFUL": understood}
        return answers(**usual)(event, context)

    return handler


intent_of_a_table = Planted(
    "function-failed",
    "intent OrderTandem",
    on_intent(is_wrong=True),
    on_intent(is_wrong=False),
    lacks=("missing-bot",),
)
