"""What is wrong with a reply as a whole."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import cast

from offhook.actions.base import Action, action_class
from offhook.actions.complaints import MAX_ATTRIBUTES, MAX_ATTRIBUTES_BYTES, Complaint
from offhook.emulator.behaviours import find
from offhook.emulator.call.behaviour import Behaviour
from offhook.emulator.call.complaints import check
from offhook.emulator.call.told import Turn
from offhook.emulator.findings.finding import Finding, place
from offhook.emulator.findings.logged import answered
from offhook.emulator.findings.whole_calls import actions_of, connected
from offhook.emulator.function.invoker import RETRY_SECONDS
from offhook.emulator.function.mending import hint, unreached
from offhook.handler.events import about

NEAR = 0.8
"""From which part of a limit on we warn."""
SLOW_SECONDS = 3.0
"""From how long a reply takes on we warn: the machine in the cloud may be slower than this one."""
PARTS = {part.lower(): part for part in ("SchemaVersion", "Actions", "TransactionAttributes")}
SHOWN = 160
"""Characters of a value that are shown."""


def of_reply(turn: Turn) -> Iterator[Finding]:
    """Refused, ignored, late, or nearly too large."""
    where = place(turn)
    invoked = turn.invoked
    if invoked.error:
        first, *rest = invoked.error.split("\n")
        yield Finding(
            "function-failed",
            where,
            " ".join([first, *(line.strip() for line in rest)]),
            _instead_of_failing(turn),
        )
        return
    if failed := answered(invoked.log):
        yield Finding(
            "answered-failure",
            where,
            " ".join(line.strip() for line in failed.split("\n")),
            hint(failed)
            or "its function failed, and the caller hears what is said in its place: mend it, or "
            "log what is expected below ERROR",
        )
    if turn.seconds >= SLOW_SECONDS:
        yield Finding(
            "slow-reply",
            where,
            f"the reply takes {SLOW_SECONDS:g} s or more",
            f"it took {turn.seconds:.1f} s. After {RETRY_SECONDS:.0f} s the service sends the "
            "event again: reply sooner, and do slow work at import, behind a Pause, or in another "
            "function that updates the call",
            weight="waste",
        )
    if turn.is_obeyed:
        complaint = check(invoked.reply, str(turn.event["InvocationEventType"]))
        if complaint is not None:
            yield Finding(
                "refused-reply", where, f"{complaint.log} {_shown(invoked.reply)}", complaint.hint
            )
            return
        yield from _misspelt(turn)
        yield from _after_hangup(turn)
    elif complaint := _of_hangup(turn):
        yield Finding(
            "refused-reply",
            where,
            f"{complaint.log} {_shown(invoked.reply)}",
            f"{complaint.hint}. Nobody needs it here, but while another leg is up it is not let go",
        )
    # That the caller left while an action ran, or a reply was late, no handler looks at: it is not
    # worth a word.
    elif _actions(invoked.reply) and (
        (about(str(turn.event["InvocationEventType"])).actions != "run" and not _is_left(turn))
        or _rings(turn)
    ):
        yield Finding(
            "ignored-actions",
            where,
            f"actions are ignored here: {', '.join(_actions(invoked.reply))}",
            _instead_of_ignored(turn),
            weight="advice" if turn.event["InvocationEventType"] == "HANGUP" else "fault",
        )
    yield from _attributes(turn)


def _misspelt(turn: Turn) -> Iterator[Finding]:
    """What is beside the parts of a reply, and was meant to be one."""
    reply = turn.invoked.reply
    for name in cast("Mapping[str, object]", reply) if isinstance(reply, dict) else ():
        if name in PARTS.values():
            continue
        if close := get_close_matches(name.lower(), PARTS, n=1, cutoff=0.8):
            yield Finding(
                "unknown-parameter",
                place(turn),
                f"{name} is no part of a reply, and is not looked at",
                f"write {PARTS[close[0]]}",
            )


def _after_hangup(turn: Turn) -> Iterator[Finding]:
    """Actions behind the Hangup of the only one who is there."""
    details = cast("Mapping[str, Sequence[Mapping[str, object]]]", turn.event["CallDetails"])
    there = [leg for leg in details["Participants"] if leg.get("Status") != "Disconnected"]
    row = actions_of(turn)
    kinds = [str(action.get("Type")) for action in row]
    if len(there) != 1 or "Hangup" not in kinds:
        return
    index = kinds.index("Hangup")
    is_theirs = [_is_of(there[0], action) for action in row]
    done = [_behaviour(kind) for kind in kinds]
    rest = [
        kind
        for kind, theirs, its in list(zip(kinds, is_theirs, done, strict=True))[index + 1 :]
        if theirs and its and (its.makes_leg_b or its.answers)
    ]
    if rest and is_theirs[index] and not any(its and its.makes_leg_b for its in done[:index]):
        yield Finding(
            "actions-after-hangup",
            place(turn, index, "Hangup"),
            f"nobody is there any more: {', '.join(rest)} is never done",
            "put Hangup at the end of the list",
        )


def _is_of(leg: Mapping[str, object], action: Mapping[str, object]) -> bool:
    """Whether an action is for this leg, or names none."""
    given = cast("Mapping[str, object]", action.get("Parameters") or {})
    named = given.get("CallId") or given.get("ParticipantTag") or leg["CallId"]
    return named in (leg["CallId"], leg["ParticipantTag"])


def _behaviour(name: str) -> Behaviour[Action[object]] | None:
    """How an action is performed, where there is one of this name."""
    kind = action_class(name)
    return find(kind) if kind is not None else None


def _is_left(turn: Turn) -> bool:
    """Whether a HANGUP says that somebody is still there."""
    return turn.event["InvocationEventType"] == "HANGUP" and bool(connected(turn))


def _of_hangup(turn: Turn) -> Complaint | None:
    """What is wrong with the last reply of a call. Samples answer with nothing, () or []."""
    is_last = turn.event["InvocationEventType"] == "HANGUP"
    return check(turn.invoked.reply, "HANGUP") if is_last and turn.invoked.reply else None


def _instead_of_failing(turn: Turn) -> str:
    invoked = turn.invoked
    if invoked.failure != "function":
        return "the call ends here with 480: see that the function can be reached, and be invoked"
    if mended := hint(invoked.error):
        return mended
    if "HandlerNotFound" in invoked.error:
        return "name a function that the file has: its file, a colon, the function"
    if "positional argument" in invoked.error:
        return (
            "Lambda calls a handler with the event and a context. A function of a flow takes the "
            "event alone: name its router, as in flows.reminder:router"
        )
    if re.search(r"(https://|host: .)[\w-]*\.?chime\.", invoked.error):
        return (
            "the desk answers this API in `offhook serve`: serve the function there, and place the "
            "call by POST /_offhook/calls, or by CreateSipMediaApplicationCall"
        )
    if mended := unreached(invoked.error):
        return mended
    if not turn.is_obeyed and turn.event["InvocationEventType"] == "HANGUP":
        return "nobody hears it any more, and the rest of the function is not done: catch it"
    return "the call ends here with 480: catch what may go wrong, and reply with an apology"


def _attributes(turn: Turn) -> Iterator[Finding]:
    reply = turn.invoked.reply
    if not isinstance(reply, dict):
        return
    attributes = cast("Mapping[str, object]", reply).get("TransactionAttributes")
    if not isinstance(attributes, dict):
        return
    pairs = len(cast("Mapping[str, object]", attributes))
    text = json.dumps(attributes, ensure_ascii=False, separators=(",", ":"))
    size = len(text.encode("utf-8", "replace"))
    for found, limit, unit in (
        (pairs, MAX_ATTRIBUTES, "pairs"),
        (size, MAX_ATTRIBUTES_BYTES, "bytes as JSON"),
    ):
        if NEAR * limit <= found <= limit:
            yield Finding(
                "large-attributes",
                place(turn),
                f"TransactionAttributes has {NEAR:.0%} or more of the {limit} {unit} it may have",
                f"here they are {found}: keep a key to your own store there, not the data",
                weight="advice",
            )


def _actions(reply: object) -> Sequence[str]:
    actions = (
        cast("Mapping[str, object]", reply).get("Actions") if isinstance(reply, dict) else None
    )
    if not isinstance(actions, list):
        return ()
    row = cast("Sequence[object]", actions)
    return [str(cast("Mapping[str, object]", a).get("Type")) for a in row if isinstance(a, dict)]


def _instead_of_ignored(turn: Turn) -> str:
    event_type = turn.event["InvocationEventType"]
    if event_type == "NEW_OUTBOUND_CALL" or _rings(turn):
        return "nobody has answered yet: reply with no actions, and with these to CALL_ANSWERED"
    if event_type == "HANGUP":
        return "nobody is there any more: reply with no actions"
    return "it only tells you: reply with no actions, and with these to CALL_UPDATE_REQUESTED"


def _rings(turn: Turn) -> bool:
    """Whether nobody has answered yet, whom a call of ours rings: such a leg has no status."""
    details = cast("Mapping[str, list[Mapping[str, object]]]", turn.event["CallDetails"])
    return all("Status" not in leg for leg in details["Participants"])


def _shown(reply: object) -> str:
    text = json.dumps(reply, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
