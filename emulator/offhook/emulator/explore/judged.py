"""What is wrong on one path: what its replies say, and what became of the call."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import cast

from offhook.emulator.call.audio import NO_ACCESS
from offhook.emulator.call.call import Call
from offhook.emulator.call.told import Turn
from offhook.emulator.explore.walk import CALLERS_DOING, Walk
from offhook.emulator.faults import ON_PURPOSE
from offhook.emulator.findings.finding import Finding, once, place
from offhook.emulator.findings.turns import of_turns

SHOWN = 100


@dataclass(frozen=True)
class Difference:
    """The same event brought another reply on another path."""

    event: Mapping[str, object]
    reply: str
    first: str


def of_walk(walk: Walk, call: Call, differences: Iterable[Difference]) -> list[Finding]:
    """Everything, each thing once."""
    turns = call.told.turns
    new = turns[walk.known_turns :]
    found = of_turns(turns, is_whole=walk.ends != "goes on", known=walk.known_turns)
    found += _refused(call, new, {finding.where for finding in found})
    found += [_shared(each) for each in differences]
    if walk.stranded:
        tag, count = walk.stranded
        found += _stranded(tag, turns[count - 1])
    return once(found)


def _stranded(tag: str, turn: Turn) -> Iterator[Finding]:
    yield Finding(
        "leg-left-connected",
        place(turn),
        f"{tag} hears nothing from here on, until they hang up themselves",
        f'somebody is billed for silence: reply with Hangup (of {tag}: "ParticipantTag": "{tag}"), '
        "or with something to hear",
    )


def _refused(call: Call, turns: Sequence[Turn], known: set[str]) -> Iterator[Finding]:
    """Actions that the service refused when they were reached, and nobody wanted that."""
    notes = [entry.text for entry in call.ladder.entries if entry.kind == "note"]
    for turn in turns:
        data = cast("Mapping[str, object]", turn.event.get("ActionData") or {})
        error, message = data.get("ErrorType"), str(data.get("ErrorMessage"))
        is_failure = turn.event["InvocationEventType"] == "ACTION_FAILED"
        if (
            not is_failure
            or error in CALLERS_DOING
            or message in (ON_PURPOSE, NO_ACCESS.error_message)
        ):
            continue
        kind = str(data.get("Type"))
        why = next((n for n in notes if n.startswith(f"{kind}: ")), f"{kind}: {message}")
        lacks = "no bot is scripted" in why
        if any(f"({kind})" in where for where in known) and not lacks:
            continue  # what is wrong with its parameters is said where the reply has them
        yield Finding(
            "missing-bot" if lacks else "refused-action",
            place(turn),
            f"{error}: {message}: {why}",
            "what comes after it is not tried here"
            if lacks
            else "the service refuses it when it is reached, and the rest of its list is dropped",
            weight="lack" if lacks else "fault",
        )


def _shared(difference: Difference) -> Finding:
    """The same event, another reply: something is kept between calls, or left to chance."""
    turn = f"{difference.event['InvocationEventType']} {difference.event['Sequence']}"
    if not difference.first:
        what = f"its reply is of another call: {difference.reply}"
    else:
        pair = (difference.reply, difference.first)
        same = sum(1 for _ in takewhile(lambda two: two[0] == two[1], zip(*pair, strict=False)))
        start = max(0, same - 40)
        one, other = (f"...{text[start : start + SHOWN]}..." for text in pair)
        what = f"the same event brings another reply in another call: {one} instead of {other}"
    return Finding(
        "shared-state",
        turn,
        what,
        "build the reply anew for each event: what is at module level is shared by all calls that "
        "the environment answers. A call's own state belongs into TransactionAttributes",
    )
