"""Events as no service should send them, made of those that it does send, from a seed."""

import copy
import json
import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from typing import TypeAlias, cast

from tests.handler.payloads import NAMES, Payload, payload

Place: TypeAlias = tuple[dict[str, object] | list[object], str | int]
"""A container, and the key or index in it."""

DEEP = 1500
"""Deeper than Python goes."""


def nested(depth: int) -> object:
    """A list in a list in a list."""
    inner: object = "deep"
    for _ in range(depth):
        inner = [inner]
    return inner


ODD: tuple[object, ...] = (
    *(None, True, False, 0, -1, 1, 10**30, 1e300, 0.5, math.inf, -math.inf, math.nan),
    *("", " ", "1", "\ud800", "a\udfffb", "\x00\x1b[2J", "LEG-A", "LEG-Z", "ü" * 300, "9" * 5000),
    *("Connected", "Disconnected", "NEW_INBOUND_CALL", "HANGUP", "RANG_OFF", "2.0", "1.0.0"),
    *(
        list[object](),
        Payload(),
        [list[object]()],
        [Payload()],
        {"": ""},
        {"\ud800": "\ud800"},
        ["LEG-A"],
        {"CallId": 7},
    ),
)


def places(event: object, depth: int = 12) -> Iterator[Place]:
    """Every place in an event that holds something, so deep."""
    entries: Iterator[tuple[str | int, object]]
    if isinstance(event, dict):
        entries = iter(cast("dict[str | int, object]", event).items())
    elif isinstance(event, list):
        entries = iter(enumerate(cast("list[object]", event)))
    else:
        return
    if not depth:
        return
    for key, value in entries:
        yield cast("dict[str, object] | list[object]", event), key
        yield from places(value, depth - 1)


def put(place: Place, value: object) -> None:
    """Another value there."""
    cast("dict[str | int, object]", place[0])[place[1]] = value


def at(place: Place) -> object:
    """What is there."""
    return cast("dict[str | int, object]", place[0])[place[1]]


def legs_of(event: Payload) -> list[object]:
    """The list of legs, if it still is one."""
    details = event.get("CallDetails")
    legs = cast("Payload", details).get("Participants") if isinstance(details, dict) else None
    return cast("list[object]", legs) if isinstance(legs, list) else []


def drops(_event: Payload, place: Place, _random: Random) -> None:
    """Something is missing."""
    del cast("dict[str | int, object]", place[0])[place[1]]


def retypes(_event: Payload, place: Place, random: Random) -> None:
    """Something is something else."""
    put(place, copy.deepcopy(random.choice(ODD)))


def renames(_event: Payload, place: Place, random: Random) -> None:
    """A key is written in another way."""
    holder, key = place
    if isinstance(holder, dict) and isinstance(key, str):
        holder[random.choice([key.lower(), key + "\ud800", "", key[:-1]])] = holder.pop(key)


def as_text(_event: Payload, place: Place, _random: Random) -> None:
    """JSON within JSON."""
    with suppress(RecursionError):
        put(place, json.dumps(at(place)))


def nests(_event: Payload, place: Place, random: Random) -> None:
    """Something is in a list of its own, or deep in many."""
    put(place, random.choice([[at(place)], {"Value": at(place)}, nested(50), nested(DEEP)]))


def changes_the_type(event: Payload, _place: Place, random: Random) -> None:
    """The same call, with another event."""
    event["InvocationEventType"] = random.choice(NAMES).split("/")[0].upper()


def many_legs(event: Payload, _place: Place, random: Random) -> None:
    """More on the call than a reply has actions."""
    if legs := legs_of(event):
        for number in range(random.randrange(1, 15)):
            leg = copy.copy(legs[0])
            if isinstance(leg, dict):
                leg = cast("Payload", leg)
                leg["CallId"] = random.choice([f"leg-{number}", leg.get("CallId"), None])
            legs.append(leg)


def no_legs(event: Payload, _place: Place, random: Random) -> None:
    """Nobody, or nobodies."""
    legs = legs_of(event)
    legs[:] = random.choice([[], [{}], [None], ["LEG-A"], [{}, {}]])


def everybody(event: Payload, _place: Place, random: Random) -> None:
    """All legs are up, or all are gone."""
    status = random.choice(["Connected", "Disconnected", None, "connected"])
    for leg in legs_of(event):
        if isinstance(leg, dict):
            cast("Payload", leg)["Status"] = status


MUTATIONS: tuple[Callable[[Payload, Place, Random], None], ...] = (
    *(drops, drops, retypes, retypes, retypes, renames, as_text, nests),
    *(changes_the_type, many_legs, no_legs, everybody),
)


def mutated(random: Random) -> object:
    """An event with up to four things wrong with it; now and then no event at all."""
    if random.random() < 0.01:
        return copy.deepcopy(random.choice(ODD))
    event = payload(random.choice(NAMES))
    for _ in range(random.choice([0, 1, 1, 1, 2, 2, 3, 4])):
        found = list(places(event))
        if found:
            random.choice(MUTATIONS)(event, random.choice(found), random)
    return event
