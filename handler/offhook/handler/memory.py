"""What the router remembers of a call, in one attribute of ours that flows do not see.

It is written when a reply leaves, if it is another than before: most replies leave it alone.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from pydantic import JsonValue

from offhook.handler.action_events import action_type_of
from offhook.handler.event import ATTRIBUTE, Event
from offhook.handler.reading import mapping, text

Wire: TypeAlias = Mapping[str, JsonValue]

FORMAT = "1"
"""Nothing is remembered where another format is found."""

TELLS = frozenset(
    ("PlayAudioAndGetDigits", "RecordAudio", "SpeakAndGetDigits", "StartBotConversation")
)
"""Whose success comes from the middle of a list, too. So does that of what makes a LEG-B."""


class Memory(NamedTuple):
    """What the router remembers of a call."""

    last: str = ""
    """With what the latest list ends: a `Type`, or legs that it hangs up. Empty: not needed. One
    that `TELLS` stands here once for each of its type that is still to succeed."""
    ended: tuple[str, ...] = ()
    """The legs that we hung up while another was there."""
    waits: tuple[str, ...] = ()
    """Who waits for what was sent last of each type: lines of `offhook.handler.asked`."""


_NOTHING = Memory()


def recall(event: Event) -> Memory:
    """What is remembered of the call of an event."""
    if ATTRIBUTE not in event.stored:
        return _NOTHING
    number, *parts = text(event.stored, ATTRIBUTE).split(";")
    if number != FORMAT or len(parts) < 2:
        return _NOTHING
    waits = (line.strip() for line in parts[2:] if len(line.split()) not in (0, 2))
    return Memory(parts[0], tuple(parts[1].split()), tuple(waits))


def is_news(event: Event, actions: Sequence[Wire], types: Collection[str]) -> bool:
    """Whether these actions, of which those types are noted, may change what is remembered. It is
    asked of every reply: an answer to what `TELLS`, as the last, is none, unless it asks again."""
    for action in actions:
        if action["Type"] in types:
            return True
    details: Mapping[str, Any] = event.details
    if event.facts.comes_meanwhile or len(details.get("Participants") or ()) > 1:
        return True
    known = details.get("TransactionAttributes")  # not `mapping`, for every reply is asked
    if not isinstance(known, dict) or ATTRIBUTE not in known:
        return False
    kind = event.action_data.get("Type")
    is_last = f"{known[ATTRIBUTE]}".startswith(f"{FORMAT};{kind};")
    return not (is_last and f"{kind}" in TELLS)


def kept(event: Event, actions: Sequence[Wire], waiting: Callable[[Wire], Sequence[str]]) -> str:
    """What the attribute holds when these actions have been sent; empty for nothing."""
    before = recall(event)
    are_two = len(event.participants) > 1
    there = [leg.call_id for leg in event.connected] if before.ended or are_two else ()
    ended: Sequence[str] = [leg for leg in before.ended if leg not in there][-2:]
    last, waits = before.last, before.waits
    if actions:
        kinds = [action["Type"] for action in actions]
        last = f"{kinds[-1]}"
        now = [_leg(event, one) for one in actions if len(there) > 1 and one["Type"] == "Hangup"]
        if last in TELLS and (often := kinds.count(last)) > 1:
            last = " ".join([last] * often)
        if now:
            ended = [*ended, *now]
            run = next((n for n, one in enumerate(reversed(kinds)) if one != "Hangup"), len(kinds))
            last = " ".join(now[len(now) - run :]) or last
        elif not event.facts.comes_meanwhile and TELLS.isdisjoint(kinds):
            last = before.last if before.last in TELLS & {action_type_of(event)} else ""
        if lines := {line for action in actions for line in waiting(action)}:
            if waits:
                sent = {line.split()[0] for line in lines}
                lines.update(line for line in waits if line.split()[0] not in sent)
            waits = tuple(sorted(lines))
    elif event.TYPE != "ACTION_FAILED":  # then the list was dropped, and whom it would hang up
        ended = before.ended
        if _is_followed(event, last):
            last = last.partition(" ")[2]
    after = Memory(last, tuple(ended), waits)
    if after == before or event.ignores_actions:
        return text(event.stored, ATTRIBUTE)
    return ";".join((FORMAT, last, " ".join(ended), *waits))


def is_ours(event: Event) -> bool:
    """Whether it was we who hung up the leg whose end the event tells."""
    return _leg(event, event.action_data) in recall(event).ended


def goes_on(event: Event) -> bool:
    """Whether something follows what the event tells, a success or our hang-up, by itself."""
    last, _, waits = recall(event)
    kind, leg = action_type_of(event), _leg(event, event.action_data)
    if event.TYPE == "HANGUP":
        return is_ours(event) and leg not in last.split()
    listens = "ReceiveDigits" in (kind, *(line.split()[0] for line in waits))
    if _is_followed(event, last) or len(event.connected) > 1 or listens or kind == "CallAndBridge":
        return True
    if kind == "Hangup":  # HANGUP comes, too; of the leg of a meeting it does not
        return leg not in last.split() or "SMA" not in (event.leg.to, event.leg.from_)
    if kind not in TELLS and last.partition(" ")[0] in TELLS:
        return False  # it would not be told from the middle of a list
    return last not in ("", kind)


def _is_followed(event: Event, last: str) -> bool:
    """Whether another of its type is to succeed after the one that has."""
    return event.TYPE == "ACTION_SUCCESSFUL" and last.startswith(f"{action_type_of(event)} ")


def _leg(event: Event, action: Mapping[str, object]) -> str:
    """The `CallId` of the leg that an action names; of the event's leg where it names none."""
    named = mapping(action, "Parameters")
    tag = text(named, "ParticipantTag")
    tagged = (leg for leg in event.participants if leg.participant_tag == tag)
    return text(named, "CallId") or next(tagged, event.leg).call_id
