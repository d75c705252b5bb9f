"""What is wrong on one path: what its replies say, and what became of the call."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile
from typing import TypeAlias, cast

from offhook.emulator.as_json import text_of
from offhook.emulator.call.audio import NO_ACCESS
from offhook.emulator.call.call import Call
from offhook.emulator.call.told import Turn
from offhook.emulator.explore.ends import never_answered
from offhook.emulator.explore.failing import CALLERS_DOING
from offhook.emulator.explore.situation import event_key, hashed, without_stamps
from offhook.emulator.explore.walk import Walk
from offhook.emulator.faults import ON_PURPOSE
from offhook.emulator.findings.finding import Finding, once, place
from offhook.emulator.findings.lacks import told_apart
from offhook.emulator.findings.parameters import of_action
from offhook.emulator.findings.replies import SLOW_SECONDS
from offhook.emulator.findings.turns import of_each
from offhook.emulator.findings.whole_calls import LEFT, actions_of, so_far

_NOBODY = re.compile(
    r"no function handles this\. (?P<nearest>(?:The nearest is .*? did not hold\. )?)"
)
SHOWN = 100
KEPT = 4_096
"""What paths that follow one another show is much the same: so many turns are judged once."""


@dataclass(frozen=True)
class Difference:
    """The same event brought another reply on another path."""

    event: Mapping[str, object]
    reply: str
    first: str
    when: str
    """In another call, or in the same when it is told again."""


Judged: TypeAlias = dict[str, Sequence[Finding]]
"""What turns show by themselves, by a name for all that can show it; the oldest first."""


Unhandled: TypeAlias = Callable[[str, object], Callable[[], str] | None]
"""What tells which route of this process is the nearest to an event that it has no function for, by
the call and the event's Sequence; `None` where it has one, or nobody knows."""


def of_walk(
    walk: Walk,
    call: Call,
    differences: Iterable[Difference],
    judged: Judged,
    unhandled: Unhandled,
) -> list[Finding]:
    """Everything, each thing once; what is `judged` already is not looked at again."""
    turns = call.told.turns
    new = turns[walk.known_turns :]
    if any(aside.how == "is answered late" for deed in walk.deeds for aside in deed.asides):
        new = [replace(turn, seconds=turn.invoked.seconds) for turn in new]  # it was on purpose
    found = [each for turn in new for each in _of_turn(turn, call, judged)]
    found += so_far(turns, new)
    found += _refused(call, new)
    found += _unhandled(call, new, unhandled)
    found += [shared(each) for each in differences]
    if walk.stranded:
        tag, count = walk.stranded
        found += _stranded(tag, turns[count - 1])
    if walk.ends != "goes on":
        found += _rang_out(call, turns[0])
        found += _kept_nothing(walk, call, turns)
    found += _unscripted(walk)
    return once(told_apart(each) for each in found if not _was_hidden(each, walk))


def _of_turn(turn: Turn, call: Call, judged: Judged) -> Sequence[Finding]:
    invoked, is_slow = turn.invoked, turn.seconds >= SLOW_SECONDS
    log = without_stamps(invoked.log)
    said = [invoked.error, invoked.failure, log, invoked.said, is_slow, turn.is_obeyed]
    key = hashed(event_key(turn.event, call, invoked.asked) + text_of(said))
    if key not in judged:
        judged[key] = tuple(of_each((turn,)))
        if len(judged) > KEPT:
            del judged[next(iter(judged))]
    return judged[key]


def _was_hidden(finding: Finding, walk: Walk) -> bool:
    """Whether it is a wav that is not there on purpose."""
    hidden = (f"/{deed.what}" for deed in walk.deeds if deed.does == "finds no")
    missing = without_stamps(finding.evidence)
    return finding.rule == "missing-audio" and any(key in missing for key in hidden)


def _unscripted(walk: Walk) -> Iterator[Finding]:
    """Bots that end in what the function asks for, as nobody says what else they understand."""
    for arn in sorted(walk.supposes):
        intents = ", ".join((*walk.ground.known.intents, "FallbackIntent"))
        yield Finding(
            "missing-bot",
            "StartBotConversation",
            f"no bot is scripted for {arn}: it ends in {intents}, or gives up",
            "these are the intents that the function names, with empty slots: "
            f'[[tool.offhook.bots]] with bot_alias_arn = "{arn}" and intent = "..." says more',
            weight="lack",
        )


def _stranded(tag: str, turn: Turn) -> Iterator[Finding]:
    hang_up = f'reply with Hangup (of {tag}: "ParticipantTag": "{tag}"), or with something to hear'
    if any(map(_records_for_ever, actions_of(turn))):
        hang_up = (
            "give RecordAudio DurationInSeconds or SilenceDurationInSeconds: without them nothing "
            "but a key of RecordingTerminators ends it"
        )
    yield Finding(
        "leg-left-connected",
        place(turn),
        LEFT.format(tag),
        f"somebody is billed for it: {hang_up}",
    )


def _records_for_ever(action: Mapping[str, object]) -> bool:
    parameters = cast("Mapping[str, object]", action.get("Parameters") or {})
    ends = ("DurationInSeconds", "SilenceDurationInSeconds")
    return action.get("Type") == "RecordAudio" and not any(map(parameters.get, ends))


def _rang_out(call: Call, turn: Turn) -> Iterator[Finding]:
    """Nobody ever answered a caller."""
    if never_answered(call):
        yield Finding(
            "never-answered",
            place(turn),
            "the caller hears it ring, until the service gives up",
            "reply with something that answers, such as Speak, or with Hangup and a "
            "SipResponseCode: ACTION_FAILED, too, wants an answer",
        )


def _kept_nothing(walk: Walk, call: Call, turns: Sequence[Turn]) -> Iterator[Finding]:
    """A mailbox answered a call of ours, and nothing failed: who is put through to one speaks for
    themselves."""
    # Each may be why it is over so soon.
    apart = ("hangs up", "fails", "finds no", "update", "deployment")
    went_well = not any(deed.does in apart or deed.asides for deed in walk.deeds) and not any(
        turn.invoked.error or "[ERROR]" in turn.invoked.log for turn in turns
    )
    answered = [t for t in turns if t.event["InvocationEventType"] == "CALL_ANSWERED"]
    called = call.every_leg[0]
    if called.kept == 0 and called.heard and went_well and answered:
        yield Finding(
            "mailbox-keeps-nothing",
            place(answered[0]),
            "a voicemail answers, and keeps nothing: the message was over before its tone",
            "say it once more at the end, after a Pause of some seconds, or go on until a key "
            "shows that somebody is there",
        )


def _refused(call: Call, turns: Sequence[Turn]) -> Iterator[Finding]:
    """Actions that the service refused when they were reached, and nobody wanted that. What is
    wrong with the parameters of one is said where the reply has them."""
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
        if any(each.rule == "refused-action" for each in of_action(data, turn)):
            continue
        kind = str(data.get("Type"))
        why = next((n for n in notes if n.startswith(f"{kind}: ")), f"{kind}: {message}")
        yield Finding(
            "refused-action",
            place(turn),
            f"{error}: {message}: {why}",
            "the service refuses it when it is reached, and the rest of its list is dropped",
        )


def _unhandled(call: Call, turns: Sequence[Turn], unhandled: Unhandled) -> Iterator[Finding]:
    """What a router has no function for, so that it says that something went wrong: so it did where
    the service lets an action fail."""
    for turn in turns:
        tells = unhandled(call.transaction_id, turn.event["Sequence"])
        if tells is None and (logged := _NOBODY.search(turn.invoked.log)):  # of another process
            tells = partial(logged.__getitem__, 1)
        if tells is None:
            continue
        data = cast("Mapping[str, object]", turn.event.get("ActionData") or {})
        error, kind = data.get("ErrorType"), str(data.get("Type", ""))
        speaks = any(action.get("Type") == "Speak" for action in actions_of(turn))
        if not speaks or (error and error not in CALLERS_DOING):
            continue
        nearest = tells() or f"It is about {kind}. " * bool(kind)
        yield Finding(
            "unhandled-event",
            place(turn),
            f"no function handles this, and the caller hears an apology. {nearest}".rstrip(),
            "write a function for it (the log has one to paste), or a route that takes all the "
            "others, as for keys that nobody was asked for",
        )


def shared(difference: Difference) -> Finding:
    """The same event, another reply: something is kept between calls, or left to chance."""
    turn = f"{difference.event['InvocationEventType']} {difference.event['Sequence']}"
    what, shown = "its reply names an id of another call", difference.reply
    if difference.first:
        what = f"the same event brings another reply {difference.when}"
        pair = (difference.reply, difference.first)
        same = sum(1 for _ in takewhile(lambda two: two[0] == two[1], zip(*pair, strict=False)))
        start = max(0, same - 40)
        one, other = (f"...{text[start : start + SHOWN]}..." for text in pair)
        shown = f"{one} instead of {other}"
    return Finding(
        "shared-state",
        turn,
        what,
        f"{shown}: build the reply anew for each event. What is at module level is shared by all "
        "calls that the environment answers: a call's own state belongs into TransactionAttributes",
    )
