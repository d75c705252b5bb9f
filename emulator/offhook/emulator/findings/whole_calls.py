"""What is wrong with a call as a whole: loops, legs left behind, invocations that add nothing."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import cast

from offhook.actions.base import action_class
from offhook.emulator.behaviours import find
from offhook.emulator.call.told import Turn
from offhook.emulator.findings.finding import Finding, place

LOOP = 20
"""So many times the same event and the same reply in a row are a loop."""
IDLE_SECONDS = 60.0
"""How long a caller may hear nothing, with nothing that listens."""
LEFT = "{} is still connected, and nothing is done with it: silence, until they hang up themselves"
CHAIN = 3
"""So many replies in a row that one list could have held are worth a word."""


def of_call(turns: Sequence[Turn], *, is_over: bool = True) -> Iterator[Finding]:
    """Findings about a call as a whole, or so far."""
    yield from _loops(turns, is_over=is_over)
    if is_over:
        yield from _legs_left(turns)
        yield from _idle(turns)
    yield from _chains(turns)


def so_far(turns: Sequence[Turn], new: Sequence[Turn]) -> Iterator[Finding]:
    """Findings about a call that is explored. `new` is what came by itself, since anybody could do
    something: that whoever does nothing comes round again is found otherwise."""
    yield from _loops(new, is_over=False)
    yield from _chains(turns)


def _loops(turns: Sequence[Turn], *, is_over: bool) -> Iterator[Finding]:
    if len(turns) < LOOP:
        return
    for _, group in groupby(turns, key=_same):
        row = list(group)
        count = len(row) if is_over else LOOP
        if len(row) >= LOOP:
            yield Finding(
                "endless-loop",
                place(row[0]),
                f"{count} times in a row the same event brought the same reply",
                "count in TransactionAttributes and hang up after a few times: a call may invoke "
                "its function 1,000 times and no more",
            )


def _same(turn: Turn) -> str:
    data = turn.event.get("ActionData")
    kind = cast("Mapping[str, object]", data).get("Type") if isinstance(data, dict) else None
    digits = (
        cast("Mapping[str, object]", data).get("ReceivedDigits") if isinstance(data, dict) else None
    )
    same = [turn.event["InvocationEventType"], kind, digits, actions_of(turn)]
    return json.dumps(same, sort_keys=True, default=str)


def _legs_left(turns: Sequence[Turn]) -> Iterator[Finding]:
    """After a HANGUP with somebody still connected, nothing was ever done again."""
    for index, turn in enumerate(turns):
        if turn.event["InvocationEventType"] != "HANGUP" or not turn.is_obeyed:
            continue
        left = connected(turn)
        later = turns[index + 1 :]
        if left and not actions_of(turn) and not any(actions_of(each) for each in later):
            yield Finding(
                "leg-left-connected",
                place(turn),
                LEFT.format(" and ".join(left)),
                "no hang-up is passed on from one leg to the other, and the leg is billed until it "
                f'ends: reply with Hangup and "ParticipantTag": "{left[0]}"',
            )


def _idle(turns: Sequence[Turn]) -> Iterator[Finding]:
    """One caller, a list that has ended, an empty reply, nothing that listens: silence."""
    listens = False
    for turn, following in pairwise(turns):
        kinds = [str(action.get("Type")) for action in actions_of(turn)]
        listens = listens or "ReceiveDigits" in kinds
        seconds = following.at - turn.at
        ended = str(turn.event["InvocationEventType"]) in ("ACTION_SUCCESSFUL", "ACTION_FAILED")
        if (
            ended
            and turn.is_obeyed
            and not kinds
            and not listens
            and following.event["InvocationEventType"] == "HANGUP"
            and len(connected(turn)) == 1
            and seconds >= IDLE_SECONDS
        ):
            yield Finding(
                "leg-left-connected",
                place(turn),
                f"the caller hears nothing for {seconds:.0f} s, until they hang up themselves",
                "an empty reply leaves the call up in silence: reply with Hangup, or with "
                "something to hear",
            )


def _chains(turns: Sequence[Turn]) -> Iterator[Finding]:
    """Speak, then Speak, then Speak, each in a reply of its own."""
    chain: list[Turn] = []
    for turn in turns:
        data = turn.event.get("ActionData")
        kind = cast("Mapping[str, object]", data).get("Type") if isinstance(data, dict) else None
        is_done = turn.event["InvocationEventType"] == "ACTION_SUCCESSFUL"
        follows = is_done and actions_of(turn) and _brings_nothing(str(kind))
        chain = [*chain, turn] if follows else []
        if len(chain) != CHAIN:
            continue
        different = {json.dumps(actions_of(each), sort_keys=True) for each in chain}
        if len(different) == CHAIN:  # music on hold comes again and again
            yield Finding(
                "more-invocations-than-needed",
                place(chain[0]),
                f"{CHAIN} replies in a row follow an action that brings nothing back ({kind})",
                "put the actions into one list, up to 10: each invocation is a pause that the "
                "caller hears",
                weight="waste",
            )


def _brings_nothing(action_type: str) -> bool:
    kind = action_class(action_type)
    behaviour = find(kind) if kind is not None else None
    return behaviour is not None and behaviour.brings_nothing


def actions_of(turn: Turn) -> Sequence[Mapping[str, object]]:
    """The actions of a reply that are objects."""
    reply = turn.invoked.reply
    actions = (
        cast("Mapping[str, object]", reply).get("Actions") if isinstance(reply, dict) else None
    )
    if not isinstance(actions, list):
        return ()
    row = cast("Sequence[object]", actions)
    return [cast("Mapping[str, object]", each) for each in row if isinstance(each, dict)]


def connected(turn: Turn) -> list[str]:
    """The tags of those who are there, as an event says."""
    details = cast("Mapping[str, object]", turn.event["CallDetails"])
    legs = cast("Sequence[Mapping[str, object]]", details["Participants"])
    return [str(leg["ParticipantTag"]) for leg in legs if leg.get("Status") == "Connected"]
