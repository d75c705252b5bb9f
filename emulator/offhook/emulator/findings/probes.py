"""Calls that find out what a handler is like: listening, pressing keys, leaving, failures."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from typing import TypeAlias

from offhook.actions import action_types
from offhook.actions.base import action_class
from offhook.emulator.behaviours import find
from offhook.emulator.call.told import Turn
from offhook.emulator.findings.finding import Finding, place
from offhook.emulator.findings.turns import of_turns
from offhook.emulator.findings.whole_calls import actions_of
from offhook.emulator.function.function import Function
from offhook.emulator.function.names import URLS
from offhook.emulator.function.reach import reach
from offhook.emulator.service.config import Desk
from offhook.emulator.testing import Phone, PhoneCall, StoryFailed
from offhook.emulator.testing.scripted_caller import follow

Kept: TypeAlias = dict[str, Function]
"""The functions of the desk that are reached already, by name."""
Story: TypeAlias = Callable[[Phone, str], PhoneCall]


@dataclass(frozen=True)
class Probe:
    """One call, and what somebody does in it."""

    name: str
    story: Story


def _presses(keys: str) -> Story:
    def story(phone: Phone, number: str) -> PhoneCall:
        call = phone.dials(number)
        follow(call, keys)
        return call

    return story


def _leaves_at_once(phone: Phone, number: str) -> PhoneCall:
    call = phone.dials(number)
    call.hangs_up()
    call.settles()
    return call


def _leaves_during_the_first_prompt(phone: Phone, number: str) -> PhoneCall:
    call = phone.dials(number)
    phone.until(lambda: call.heard > 0 or call.is_over)
    if not call.is_over:
        call.waits(0.1)
    if not call.is_over:
        call.hangs_up()
    call.settles()
    return call


def _nothing_works(phone: Phone, number: str) -> PhoneCall:
    for action in filter(_takes_a_while, action_types()):
        phone.fails(action, "SystemException", "System error while running action.")
    return _presses("")(phone, number)


def _takes_a_while(action_type: str) -> bool:
    """Whether the caller hears or does something while it runs."""
    kind = action_class(action_type)
    behaviour = find(kind) if kind is not None else None
    return behaviour is not None and behaviour.when_left is not None


def _we_call(phone: Phone, number: str) -> PhoneCall:
    call = phone.rings(from_=number)
    call.answers(after=2)
    follow(call, "1")
    return call


def _they_decline(phone: Phone, number: str) -> PhoneCall:
    call = phone.rings(from_=number)
    call.declines()
    call.settles()
    return call


def _an_update_comes(phone: Phone, number: str) -> PhoneCall:
    call = phone.dials(number)
    phone.until(lambda: call.heard > 0 or call.is_over)
    if not call.is_over:
        call.updates(reason="probe")
    follow(call, "")
    return call


INBOUND = (
    Probe("somebody calls and listens", _presses("")),
    *(Probe(f"somebody presses {keys}", _presses(keys)) for keys in ("1", "2", "0", "99", "1234#")),
    Probe("somebody hangs up at once", _leaves_at_once),
    Probe("somebody hangs up during the first prompt", _leaves_during_the_first_prompt),
    Probe("the first action of each kind fails", _nothing_works),
)
OUTBOUND = (
    Probe("we call, and somebody answers", _we_call),
    Probe("we call, and they decline", _they_decline),
)
UPDATE = (Probe("the call is updated while something is heard", _an_update_comes),)


def probe(
    name: str, desk: Desk, numbers: Sequence[str], probes: Sequence[Probe] = INBOUND
) -> Iterator[tuple[Finding, str]]:
    """Play the calls to and from these numbers at a handler; each finding once, and the call that
    found it first. Raises `FunctionNotFound`."""
    kept = {name: reach(*desk.named(name))}
    found: set[object] = set()
    try:
        for number in numbers:
            for each in probes:
                is_new = "shared-state" not in found
                findings = of_turns(_play(each, number, kept, desk))
                if is_new:
                    findings += _shared_state(each, number, kept, desk, name)
                for finding in findings:
                    key = "shared-state" if finding.rule == "shared-state" else finding.same
                    if key not in found:
                        found.add(key)
                        yield finding, f"{each.name} ({number})"
    finally:
        for function in kept.values():
            function.close()


def is_elsewhere(name: str, desk: Desk) -> bool:
    """Whether a function is behind a URL, where nothing starts it afresh."""
    return desk.named(name)[0].startswith(URLS)


def _play(each: Probe, number: str, kept: Kept, desk: Desk) -> list[Turn]:
    """The turns of all calls that come of it. The same ids and the same time of day every time, so
    that replies can be compared."""
    with Phone(desk=desk, kept=kept, seed=0) as phone:
        with suppress(StoryFailed):
            each.story(phone, number)
        return [turn for call in phone.service.placed() for turn in call.told.turns]


def _shared_state(each: Probe, number: str, kept: Kept, desk: Desk, name: str) -> Iterator[Finding]:
    """The same call in a warm environment, and in fresh ones, must be the same call."""
    if is_elsewhere(name, desk):
        return  # it cannot be started afresh from here
    warm = _play(each, number, kept, desk)
    fresh = [_fresh(each, number, desk, name) for _ in range(2)]
    if _replies(fresh[0]) != _replies(fresh[1]):
        return  # it differs by itself: by chance, or by what it looks up
    for first, again in zip(fresh[0], warm, strict=False):
        if _replies([first]) != _replies([again]):
            yield Finding(
                "shared-state",
                place(first),
                f"in an environment that has answered other calls, the same call brings "
                f"{_difference(first, again)}",
                "build the reply anew for each event: what is at module level is shared by all "
                "calls that the environment answers. A call's own state belongs into "
                "TransactionAttributes",
            )
            return


def _fresh(each: Probe, number: str, desk: Desk, name: str) -> list[Turn]:
    kept = {name: reach(*desk.named(name), cold=True)}
    try:
        return _play(each, number, kept, desk)
    finally:
        for function in kept.values():
            function.close()


def _replies(turns: Sequence[Turn]) -> list[object]:
    return [(turn.invoked.reply, turn.invoked.error) for turn in turns]


def _difference(first: Turn, again: Turn) -> str:
    kinds = [
        ", ".join(str(action.get("Type")) for action in actions_of(turn)) or "no actions"
        for turn in (again, first)
    ]
    if kinds[0] != kinds[1]:
        return f"{kinds[0]} instead of {kinds[1]}"
    texts = [turn.invoked.error or json.dumps(turn.invoked.reply) for turn in (again, first)]
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False)))
    start = max(0, same - 40)
    return " instead of ".join(f"...{text[start : start + 100]}..." for text in texts)
