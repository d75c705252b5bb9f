"""Logs are damaged, and events are not as the service sends them: what can be read is shown."""

import json
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from offhook.handler.errors import OffhookError
from offhook.production.logs.chosen import Choice, worst
from offhook.production.logs.drawn import drawn
from tests.production.logs.dressed import CONTAINERS, STYLES, entries
from tests.production.logs.happened import calls, imported

ODD: list[object] = [None, True, 0, -1, 1e300, "", [], {}, "x", [None], {"a": None}, {"Type": 1}]
CUTS: list[Callable[[bytes, int, Random], bytes]] = [
    lambda text, at, _: text[:at] + text[at + 20 :],
    lambda text, at, _: text[:at] + text[at - 50 : at] + text[at:],
    lambda text, at, random: text[:at] + bytes([random.randrange(256)]) + text[at:],
    lambda text, at, random: text[:at] + bytes(random.choices(b"{}[]\"\\',:0 \n", k=5)) + text[at:],
]


def look_at(files: list[bytes], *, keep: bool) -> None:
    with suppress(OffhookError):  # there may be no call in it any more
        made, _ = imported(files, keep=keep)
        drawn(made, "calls")
        worst(Choice(number="+15550100100", moment=made[0].began).of(made), 2)


@given(
    random=st.integers(0, 10**9).map(Random),
    container=st.sampled_from(sorted(CONTAINERS)),
    style=st.sampled_from(sorted(STYLES)),
)
def test_damaged_logs(random: Random, container: str, style: str) -> None:
    whole = CONTAINERS[container](entries(calls(), STYLES[style]))
    look_at([damaged(file, random) for file in whole], keep=random.random() < 0.3)


def damaged(text: bytes, random: Random) -> bytes:
    for _ in range(random.randint(1, 20)):
        text = random.choice(CUTS)(text, random.randrange(51, len(text)), random)
    return text


def spoiled(value: object, random: Random) -> object:
    """The same, but for a part here and there that is missing or another."""
    if random.random() < 0.02:
        return random.choice(ODD)
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        return {k: spoiled(v, random) for k, v in fields.items() if random.random() > 0.01}
    if isinstance(value, list):
        return [spoiled(each, random) for each in cast("list[object]", value)]
    return value


@given(random=st.integers(0, 10**9).map(Random))
def test_odd_events_and_replies(random: Random) -> None:
    said = [v for call in calls() for each in call.exchanges for v in (each.event, each.reply)]
    lines = [json.dumps(spoiled(value, random)) for value in said]
    look_at(["\n".join(lines).encode()], keep=random.random() < 0.3)
