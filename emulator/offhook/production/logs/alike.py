"""Events and replies of two calls, side by side: without what is another in every call."""

import json
import re
from collections.abc import Mapping
from typing import Final, TypeAlias, cast

from offhook.production.logs.pseudonyms import shortened

Fields: TypeAlias = Mapping[str, object]

_DETAILS: Final = ("TransactionAttributes", "Participants")
_LEG: Final = ("ParticipantTag", "To", "From", "Direction", "Status", "SipHeaders")


def legs_of(event: Fields) -> dict[str, str]:
    """The tag of each leg, by its CallId."""
    legs = cast("Fields", event.get("CallDetails") or {}).get("Participants")
    row = cast("list[Fields]", legs) if isinstance(legs, list) else []
    return {str(leg.get("CallId")): str(leg.get("ParticipantTag")) for leg in row}


def alike(event: Fields) -> object:
    """What two events have in common that tell the same: no ids, no times, no numbers of what is
    recorded."""
    details = cast("Fields", event.get("CallDetails") or {})
    names = {**legs_of(event), str(details.get("TransactionId")): "the call"}
    data = event.get("ActionData")
    told: dict[str, object] = {
        name: event.get(name) for name in ("InvocationEventType", "ErrorType", "ErrorMessage")
    }
    if isinstance(data, dict):
        its = cast("Fields", data)
        told["ActionData"] = {
            name: each if name in ("Parameters", "ReceivedDigits") else _without_digits(each, names)
            for name, each in its.items()
        }
    told |= {name: details.get(name) or {} for name in _DETAILS[:1]}
    legs = cast("list[Fields]", details.get(_DETAILS[1]) or [])
    told["legs"] = [{name: leg.get(name) for name in _LEG if leg.get(name)} for leg in legs]
    return renamed(told, names)


def renamed(value: object, names: Mapping[str, str]) -> object:
    """The same with other names in it, wherever they stand alone or in a text."""
    if isinstance(value, dict):
        return {key: renamed(each, names) for key, each in cast("Fields", value).items()}
    if isinstance(value, list | tuple):
        return [renamed(each, names) for each in cast("list[object]", value)]
    if isinstance(value, str):
        for name, other in names.items():
            if name and name in value:
                value = value.replace(name, other)
            elif len(name) > 13 and (short := shortened(name)) in value:
                value = value.replace(short, other)
    return value


def _without_digits(value: object, names: Mapping[str, str]) -> object:
    if isinstance(value, dict):
        return {key: _without_digits(each, names) for key, each in cast("Fields", value).items()}
    named = renamed(value, names)
    return re.sub(r"\d+", "0", named) if isinstance(named, str) else named


def shape(*parts: object) -> str:
    """One text of what is alike, whoever called."""
    text = json.dumps(parts, sort_keys=True, default=str)
    seen: dict[str, str] = {}
    return re.sub(
        r"\+\d{7,15}", lambda found: seen.setdefault(found[0], f"number {len(seen)}"), text
    )
