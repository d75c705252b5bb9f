"""What is different in two replies to the same event, in words that are the same in every call."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final, Literal, TypeAlias, cast, get_args

from offhook.emulator.call.told import answer_line
from offhook.emulator.function.function import Invoked
from offhook.handler.events import ATTRIBUTE, Event, about
from offhook.production.logs.alike import legs_of, renamed
from offhook.production.logs.recorded import Exchange
from offhook.production.logs.turns import invoked

Fields: TypeAlias = Mapping[str, object]
Part: TypeAlias = Literal["actions", "parameters", "words", "attributes"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)

_WORDS: Final = ("Text", "Key")
"""Parameters, on any level, that are heard."""
_NUMBERS: Final = re.compile(r"\d{3,}")
_CHOICE: Final = 2
"""So many keys are a choice, and tell one event from another."""


def situation(event: Event) -> str:
    """`HANGUP of LEG-A while LEG-B is up`, `ACTION_SUCCESSFUL of SpeakAndGetDigits (1)`."""
    said = event.invocation_event_type
    data = event.action_data
    if said == "HANGUP":
        said += f" of {event.leg.participant_tag}"
        up = [leg.participant_tag for leg in event.connected]
        return said + (f" while {up[0]} is up" if up else "")
    if said.startswith("ACTION_"):
        said += f" of {data.get('Type')}"
    keys = data.get("ReceivedDigits")
    if isinstance(keys, str) and (said == "DIGITS_RECEIVED" or keys or "GetDigits" in said):
        some = f"{len(keys)} keys" if len(keys) > _CHOICE else keys or "no keys"
        said += f" ({some})"
    return said + (f" ({data['ErrorType']})" if "ErrorType" in data else "")


class StandIns:
    """What in a call that is nobody's stands for what in the application's own words.

    An application's number, or a word that it stores, was changed as if it were a caller's: the
    first reply of now says what it was, and from then on it is that.
    """

    def __init__(self) -> None:
        self._was: dict[str, str] = {}
        self._is: dict[str, str] = {}

    def is_same(self, name: str, was: object, now: object, told: str) -> bool:
        """Whether a value, of this name, may be what it was; `told` is the event, where what is
        changed there comes from."""
        if not isinstance(was, str) or not isinstance(now, str):
            return False
        bare = name.rpartition(".")[2]
        if re.fullmatch(rf"{re.escape(bare)}-\d+", was):
            pairs = [(was, now)]
        elif _NUMBERS.sub("", was) == _NUMBERS.sub("", now):
            pairs = [*zip(_NUMBERS.findall(was), _NUMBERS.findall(now), strict=True)]
        else:
            return False
        return all(
            one == other or (one not in told and self._are_one(one, other)) for one, other in pairs
        )

    def _are_one(self, was: str, now: str) -> bool:
        return self._is.setdefault(was, now) == now and self._was.setdefault(now, was) == was


def differences(
    exchange: Exchange,
    now: Invoked,
    parts: Collection[Part] = PARTS,
    stand_ins: StandIns | None = None,
) -> Iterator[str]:
    """What a handler answers otherwise than it did, each thing with its situation. Nothing is said
    of an event whose reply nobody has seen, or of what the service ignores. `stand_ins` are those
    of calls that are nobody's."""
    if exchange.answer == "unseen":
        return
    event, was = exchange.told, invoked(exchange)
    at = situation(event)
    if was.error or now.error:
        if not (was.error and now.error):
            yield f"{at}: was {_said(was)}, is {_said(now)}"
        return
    names = legs_of(exchange.event)
    old, new = (_fields(renamed(each.reply, names)) for each in (was, now))
    ignores = event.ignores_actions
    told = json.dumps(exchange.event)

    def changes(one: Fields, other: Fields) -> Iterator[tuple[str, str]]:
        flat = dict(_flat("", one)), dict(_flat("", other))
        for name in dict.fromkeys([*flat[0], *flat[1]]):
            was, now = (each.get(name) for each in flat)
            if was != now and not (stand_ins and stand_ins.is_same(name, was, now, told)):
                yield name, f"was {_shown(was)}, is {_shown(now)}"

    if not ignores:
        kinds = [[str(action.get("Type")) for action in _actions(each)] for each in (old, new)]
        if kinds[0] != kinds[1]:
            if "actions" in parts:
                yield f"{at}: was {_said(was)}, is {_said(now)}"
            return
        for kind, one, other in zip(kinds[0], _actions(old), _actions(new), strict=True):
            for name, change in changes(
                _fields(one.get("Parameters")), _fields(other.get("Parameters"))
            ):
                if ("words" if name.rpartition(".")[2] in _WORDS else "parameters") in parts:
                    yield f"{at}: {kind}.{name} {change}"
    if "attributes" in parts and (not ignores or about(event.TYPE).stores_attributes):
        stored = _fields(_fields(exchange.event["CallDetails"]).get("TransactionAttributes"))
        kept = [_stored(each, stored) for each in (old, new)]
        for name, change in changes(*kept):
            yield f"{at}: attribute {name} {change}"


def _said(answer: Invoked) -> str:
    if not answer.error and not _actions(_fields(answer.reply)):
        return "nothing"
    return answer_line(answer).partition("\n")[0]


def _fields(value: object) -> Fields:
    return cast("Fields", value) if isinstance(value, dict) else {}


def _actions(reply: Fields) -> list[Fields]:
    found = reply.get("Actions")
    return (
        [_fields(each) for each in cast("list[object]", found)] if isinstance(found, list) else []
    )


def _stored(reply: Fields, before: Fields) -> Fields:
    """What is stored after a reply, without what the router keeps for itself."""
    given = reply.get("TransactionAttributes")
    return {
        name: value
        for name, value in (before if given is None else _fields(given)).items()
        if name != ATTRIBUTE
    }


def _flat(path: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict) and value:
        for name, each in cast("Fields", value).items():
            yield from _flat(f"{path}.{name}" if path else name, each)
    elif isinstance(value, list):
        for number, each in enumerate(cast("list[object]", value)):
            yield from _flat(f"{path}[{number}]", each)
    elif path:
        yield path, value


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    return f"“{value}”" if isinstance(value, str) else str(value)
