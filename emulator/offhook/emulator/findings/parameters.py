"""What is wrong with one action: refused when it is reached, or spelled as it no longer is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from types import NoneType
from typing import TYPE_CHECKING, cast, get_args

from pydantic import ValidationError

from offhook.actions.base import Action, action_class
from offhook.actions.wire import Sent, marker
from offhook.emulator.as_json import text_of, value_of
from offhook.emulator.behaviours import find
from offhook.emulator.call.performance import KEPT, on_any_leg
from offhook.emulator.call.told import Turn
from offhook.emulator.call.wrong import wrong
from offhook.emulator.findings.expressions import asks_in_vain, endless_for
from offhook.emulator.findings.finding import Finding, Weight, place
from offhook.emulator.settings import Settings

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

LEGS = ("CallId", "ParticipantTag")


def of_parameters(turn: Turn) -> Iterator[Finding]:
    """Look at every action of a reply, also at those that the call never came to."""
    reply = turn.invoked.reply
    actions = (
        cast("Mapping[str, object]", reply).get("Actions") if isinstance(reply, dict) else None
    )
    if not turn.is_obeyed or not isinstance(actions, list):
        return
    for index, entry in enumerate(cast("Sequence[object]", actions)):
        if not isinstance(entry, dict):
            continue  # the whole reply is refused for it
        action = cast("Mapping[str, object]", entry)
        where = place(turn, index, str(action.get("Type")))
        for finding in of_action(action, turn):
            yield replace(finding, where=where)


def of_action(action: Mapping[str, object], turn: Turn) -> Sequence[Finding]:
    """One action, as it was sent or comes back, wherever it stands."""
    details = cast("Mapping[str, Sequence[Mapping[str, object]]]", turn.event["CallDetails"])
    there = [leg["CallId"] for leg in details["Participants"]]
    name = action.get("Type")
    kind = action_class(name) if isinstance(name, str) else None
    given = action.get("Parameters")
    if kind is None or not isinstance(given, dict | NoneType):
        return ()
    same = on_any_leg(cast("Mapping[str, object]", given or {}), there)
    return _of_action(kind, text_of(same))


@lru_cache(KEPT)
def _of_action(kind: type[Action[object]], text: str) -> Sequence[Finding]:
    """Wherever it is: most calls have the same."""
    return [*_of_parameters("", kind, cast("Mapping[str, object]", value_of(text)))]


def _of_parameters(
    where: str, kind: type[Action[object]], parameters: Mapping[str, object]
) -> Iterator[Finding]:
    for leg in LEGS:
        if parameters.get(leg) == "":
            yield Finding(
                "empty-leg",
                where,
                f'{leg} is ""',
                f"leave {leg} out: the action then runs on the leg that the event is about",
                weight="advice",
            )
    yield from _endless(where, parameters.get("InputDigitsRegex"))
    yield from _old_and_unknown(where, kind, parameters)
    yield from _strings_for_numbers(where, kind, parameters)
    try:
        yield from _in_vain(where, kind.from_parameters(parameters, open_lists=False))
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            found, why = wrong(kind, fault)
            is_taken = _is_taken(kind, fault)
            then = "it is taken all the same" if is_taken else "the service answers ACTION_FAILED"
            instead, weight = f"{why}: as it is, {then}", "advice" if is_taken else "fault"
            yield Finding("refused-action", where, found, instead, cast("Weight", weight))
    except ValueError as error:
        yield Finding("refused-action", where, str(error), "the service answers ACTION_FAILED")


def _is_taken(kind: type[Action[object]], fault: "ErrorDetails") -> bool:
    """Whether the service does what its page says that it refuses."""
    found = find(kind) if fault["loc"] == ("call_id",) else None
    is_missing = fault["type"] == "missing"
    return is_missing and found is not None and bool(found.reads({}, "any", Settings()))


def _in_vain(where: str, action: Action[object]) -> Iterator[Finding]:
    if asked := asks_in_vain(action):
        yield Finding(
            "impossible-keys",
            where,
            f"nobody can press what it asks for: {asked}",
            "a telephone has 0 to 9, * and #; a terminator is none of the digits, and what comes "
            "after the most of them is not heard",
        )


def _endless(where: str, expression: object) -> Iterator[Finding]:
    if isinstance(expression, str) and (keys := endless_for(expression)):
        yield Finding(
            "endless-expression",
            where,
            f"InputDigitsRegex {expression!r} takes for ever when {keys} is pressed",
            "do not repeat what repeats, nor what can be read in two ways: (1+)+ is 1+",
        )


def _old_and_unknown(
    where: str, kind: type[Action[object]], parameters: Mapping[str, object]
) -> Iterator[Finding]:
    aliases = [field.alias or name for name, field in kind.model_fields.items()]
    known = {alias.partition(".")[0] for alias in aliases}
    old = {
        name: field.alias or ""
        for field in kind.model_fields.values()
        if (wire := marker(field, Sent)) is not None
        for name in wire.also
    }
    for name in parameters:
        if name in old:
            yield Finding(
                "old-spelling",
                where,
                f"{name} is an older name",
                f"write {old[name]} instead",
                weight="advice",
            )
        elif name not in known | set(LEGS):
            close = get_close_matches(name, known, n=1, cutoff=0.5)
            yield Finding(
                "unknown-parameter",
                where,
                f"{name} is no parameter of {kind.type_name()}",
                f"did you mean {close[0]}?" if close else f"it has {', '.join(sorted(known))}",
            )


def _strings_for_numbers(
    where: str, kind: type[Action[object]], parameters: Mapping[str, object]
) -> Iterator[Finding]:
    """AWS's own examples write some numbers as strings: those are right as they are."""
    for name, field in kind.model_fields.items():
        wire = marker(field, Sent)
        is_number = int in (field.annotation, *get_args(field.annotation))
        if not is_number or (wire is not None and wire.encode is str):
            continue
        value: object = parameters
        for part in (field.alias or name).split("."):
            value = (
                cast("Mapping[str, object]", value).get(part) if isinstance(value, dict) else None
            )
        if isinstance(value, str) and value.strip("-").isdecimal():
            yield Finding(
                "string-for-number",
                where,
                f'{field.alias} is the string "{value}"',
                f"write the number, {value}: AWS's examples do",
                weight="advice",
            )
