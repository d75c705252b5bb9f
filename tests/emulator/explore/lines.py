"""Lines to explore: a function, and all that a caller can do with it."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import cast

from offhook.actions import Action, Hangup, SpeakAndGetDigits
from offhook.emulator.call.deeds import Known
from offhook.emulator.explore.explored import Explored
from offhook.emulator.explore.explorer import Explorer
from offhook.emulator.explore.plan import Plan
from offhook.emulator.function.function import Function
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.usual import MONDAY_AT_TEN
from tests.emulator.functions import Event, reply
from tests.emulator.functions import Function as Handler

OURS = "+15550100100"


def desk(function: str = "nobody:handler") -> Desk:
    """A desk with one number."""
    app = SipMediaApplication(numbers=(OURS,), function=function)
    return Desk(sip_media_applications=(app,), prompts=Path("prompts"))


def explored(
    handler: Handler, known: Known | None = None, older: Function | None = None, **plan: object
) -> Explored:
    """All of a line, unless the plan says otherwise."""
    at_once = {"number": OURS, "at": MONDAY_AT_TEN, "seconds": None, "faults": 0, **plan}
    its = Plan(**at_once)  # type: ignore[arg-type]
    with closing(Explorer(desk(), its, InProcess(handler), known or Known(), older)) as explorer:
        return explorer.run()


def happened(event: Event) -> str:
    """`NEW_INBOUND_CALL`, or the keys that came."""
    data = cast("Mapping[str, object]", event.get("ActionData") or {})
    return str(data.get("ReceivedDigits") or event["InvocationEventType"])


def attributes(event: Event) -> Mapping[str, object]:
    """What the function remembers of the call."""
    details = cast("Mapping[str, object]", event["CallDetails"])
    return cast("Mapping[str, object]", details.get("TransactionAttributes") or {})


def call_id(event: Event) -> str:
    """Of LEG-A."""
    details = cast("Mapping[str, Sequence[Mapping[str, str]]]", event["CallDetails"])
    return details["Participants"][0]["CallId"]


def asks(text: str, keys: str = "[123]") -> SpeakAndGetDigits:
    """A prompt, and one key that it waits for."""
    return SpeakAndGetDigits(
        text=text,
        failure_text="Sorry?",
        input_digits_regex=f"^{keys}$",
        max_number_of_digits=1,
        repeat=1,
        repeat_duration_in_milliseconds=3_000,
    )


def says(*actions: Action[object], **remembers: object) -> object:
    """A reply, and what it remembers from now on."""
    return reply(*actions, TransactionAttributes=remembers)


def menus(graph: Sequence[Mapping[str, int]]) -> Handler:
    """A line of menus: each key of a menu leads to another one, or (as any other) to the end. It
    remembers nothing but the menu that the caller is in."""

    def handler(event: Event, _context: object) -> object:
        what = happened(event)
        if what == "HANGUP":
            return reply()
        there = 0
        if what != "NEW_INBOUND_CALL":
            there = graph[int(str(attributes(event)["menu"]))].get(what, -1)
        if there < 0:
            return reply(Hangup())
        return says(asks(f"Menu {there}."), menu=there)

    return handler


two_menus = menus([{"1": 1}, {"2": 0}])


def loud(event: Event, context: object) -> object:
    """The same, which says on both streams that it is asked."""
    print("It is asked.")
    print("It is asked.", file=sys.stderr)
    return two_menus(event, context)
