"""A call as a caller's story in Python: what somebody just did by hand, as a test tells it."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import cast

from offhook.emulator.call.call import Call
from offhook.emulator.call.far_end import FarEnd
from offhook.emulator.call.ladder import Entry
from offhook.emulator.call.leg import Leg
from offhook.emulator.service.far_ends import NeverAnswers
from offhook.emulator.service.usual import A_CALLER

WORTH_WAITING = 1.0
"""Seconds between two things that somebody does which the story tells of."""
AT_LEAST = 0.05
"""The same before anything else happens, and of who leaves."""
ROUNDED = 0.002
"""The ladder has milliseconds."""
IN_A_ROW = 1.5
"""Keys that follow each other within so many seconds are one."""

_LEFT = re.compile(r"(hangs up|gives up|declines)(?: with (\d+))?$")


@dataclass(frozen=True)
class _Deed:
    """One line of the story: when it begins, and when it is over."""

    begins: float
    ends: float
    who: str
    line: str
    keys: str = ""
    """What is pressed in it."""
    heard: str | None = None
    """What is heard in it."""
    number: int = 0
    """Where in the ladder it begins."""
    is_cut: bool = False
    """Whether what is heard was cut."""


def retold(
    call: Call, far_end: Callable[[str], FarEnd | None] = lambda _: None, faults: Sequence[str] = ()
) -> str:
    """Of a call that is over. `far_end` says who was at a number, `faults` what was to go wrong
    from its beginning."""
    people = {
        leg: "call" if leg is call.legs[0] else f"callee{number or ''}"
        for number, leg in enumerate([call.legs[0], *_called(call)], -1)
    }
    lines = [f"phone.put_faults({', '.join(map(_quoted, faults))})"] if faults else []
    imports: set[str] = set()
    for leg, name in list(people.items())[1:]:
        there: object = far_end(leg.to)
        if is_dataclass(there) and not isinstance(there, NeverAnswers):
            lines.append(f"phone.at({_quoted(leg.to)}, {_written(there)})")
            imports.add(type(there).__name__)
            del people[leg]
        else:
            lines.append(f"{name} = phone.person({_quoted(leg.to)})")
    lines.append(_begins(call))
    deeds = [deed for leg, name in people.items() for deed in _deeds(call, leg, name)]
    lines += _told([*deeds, *_updates(call)])
    lines.append("call.settles()" if _is_left_alone(call) else "call.ends()")
    other = leg_number(call)
    story = "\n    ".join(lines)
    names = ", ".join(sorted({"Phone", *imports}))
    return (
        f'"""A call {other}, as it was at the desk."""\n\n'
        "from datetime import UTC, datetime\n\n"
        f"from offhook.emulator.testing import {names}\n\n\n"
        f"def test_a_call_{re.sub('[^0-9a-z]+', '_', other)}(phone: Phone) -> None:\n    {story}\n"
    )


def leg_number(call: Call) -> str:
    """`to +15550100100`, or `from` it where we call."""
    leg = call.legs[0]
    return f"to {leg.to}" if leg.direction == "Inbound" else f"from {leg.from_}"


def _called(call: Call) -> list[Leg]:
    """Those that CallAndBridge rang."""
    rang = {entry.text.partition(" ")[0] for entry in call.ladder.entries if entry.leg == "LEG-B"}
    return [leg for leg in call.every_leg[1:] if not leg.is_meeting and leg.to in rang]


def _begins(call: Call) -> str:
    leg = call.legs[0]
    moment = datetime.fromtimestamp(call.started_ms // 1000, UTC)
    at = repr(moment).replace("datetime.timezone.utc", "UTC").removeprefix("datetime.")
    if leg.direction == "Inbound":
        caller = "" if leg.from_ == A_CALLER else f", from_={_quoted(leg.from_)}"
        headers = f", sip_headers={dict(leg.sip_headers)!r}" if leg.sip_headers else ""
        return f"call = phone.dials({_quoted(leg.to)}{caller}, at={at}{headers})"
    arguments = dict(_arguments(call.told.events[0])) if call.told.events else None
    given = f", arguments={arguments!r}" if arguments else ""
    return f"call = phone.rings({_quoted(leg.to)}, from_={_quoted(leg.from_)}, at={at}{given})"


def _arguments(event: Mapping[str, object]) -> Mapping[str, object]:
    data = cast("Mapping[str, Mapping[str, object]]", event.get("ActionData") or {})
    return cast("Mapping[str, object]", data.get("Parameters", {}).get("Arguments") or {})


def _updates(call: Call) -> Iterator[_Deed]:
    asked = [e for e in call.ladder.entries if e.text == "an update of the call is requested"]
    events = call.told.events
    sent = [_arguments(e) for e in events if e["InvocationEventType"] == "CALL_UPDATE_REQUESTED"]
    for entry, arguments in zip(asked, sent, strict=False):
        yield _Deed(entry.time, entry.time, "call", f"call.updates(**{dict(arguments)!r})")


def _deeds(call: Call, leg: Leg, who: str) -> Iterator[_Deed]:
    """What somebody on a leg heard, and did."""
    entries = [entry for entry in call.ladder.entries if entry.leg in ("LEG-A", "LEG-B")]
    began = call.loop.time() - call.ladder.seconds
    gone = (leg.ended_at or call.loop.time()) - began
    leaves = any(entry.leg == leg.tag and _LEFT.fullmatch(entry.text) for entry in entries)
    unheard = [prompt.clip.text for prompt in leg.prompts]
    for number, entry in enumerate(entries):
        is_mine = entry.leg == leg.tag and _is_on(call, leg, entry.time)
        clip, t = entry.clip, entry.time
        if clip is not None and entry.kind == ("hears" if is_mine else "says"):
            if unheard and unheard[0] == clip.text:
                unheard.pop(0)
                cuts = [e.time for e in entries[number:] if e.text == f"{clip} is cut"]
                end = min([t + clip.seconds, gone, *cuts[:1]])
                if (
                    end < gone - ROUNDED or not leaves
                ):  # what they left in the middle of, nobody asks for
                    yield _Deed(
                        t,
                        end,
                        who,
                        f"{who}.hears({_quoted(clip.text)})",
                        heard=clip.text,
                        number=number,
                        is_cut=bool(cuts),
                    )
        elif is_mine:
            yield from _deed(entry, who, leg, number)
    for span in leg.said:
        if span.clip is None:
            seconds = span.end - span.start
            words = " ".join(["la"] * max(1, round(seconds * call.settings.words_per_minute / 60)))
            said = f"{who}.says({_quoted(words)})  # {seconds:.1f} s of a voice"
            yield _Deed(span.start - began, span.end - began, who, said)


def _is_on(call: Call, leg: Leg, time: float) -> bool:
    """Whether it was this leg that had its tag then: there may be several LEG-B, one by one."""
    began_ms = call.started_ms + time * 1000
    same = [each for each in call.every_leg if each.tag == leg.tag and each.started_ms <= began_ms]
    return not same or same[-1] is leg


def _deed(entry: Entry, who: str, leg: Leg, number: int) -> Iterator[_Deed]:
    text, t = entry.text, entry.time
    if entry.kind == "presses":
        key = text.split()[1]
        yield _Deed(t, t, who, f"{who}.presses({_quoted(key)})", keys=key, number=number)
    elif entry.kind == "says" and entry.clip is not None:
        yield _Deed(t, t + entry.clip.seconds, who, f"{who}.says({_quoted(entry.clip.text)})")
    elif text == "answered" and leg.direction == "Outbound":
        yield _Deed(t, t, who, f"{who}.answers()")
    elif left := _LEFT.fullmatch(text):
        declines = left[1] == "declines" and f"{who}.declines({left[2] or ''})"
        yield _Deed(t, t, who, declines or f"{who}.hangs_up()")


def _told(deeds: Sequence[_Deed]) -> Iterator[str]:
    """What is heard when it is over, what is done when it begins; keys in the middle of a prompt
    interrupt it."""
    row = _joined(sorted(deeds, key=lambda deed: (deed.begins, deed.heard is None)))
    now, is_first = 0.0, True
    interrupts: dict[int, _Deed] = {}
    for deed in row:
        during = _during(deed, row)
        if during is not None and during not in interrupts.values():
            interrupts[id(deed)] = during
    for deed in sorted(row, key=lambda each: each.begins if each.heard is None else each.ends):
        if deed in interrupts.values():
            continue
        during = interrupts.get(id(deed))
        if during is not None:
            yield f"{deed.who}.interrupts({_quoted(deed.keys)}, {_quoted(during.heard or '')})"
        else:
            least = AT_LEAST if is_first or deed.line.endswith(".hangs_up()") else WORTH_WAITING
            if deed.heard is None and deed.begins - now >= least:
                yield f"{deed.who}.waits({round(deed.begins - now, 2)})"
            yield deed.line
        now, is_first = max(now, deed.ends), False


def _during(deed: _Deed, row: Sequence[_Deed]) -> _Deed | None:
    """What is being heard when keys are pressed."""
    if not deed.keys:
        return None
    heard = (each for each in row if each.who == deed.who and each.heard is not None)
    before = [each for each in heard if each.number < deed.number]
    last = before[-1] if before else None
    goes_on = (
        last is not None and deed.begins <= last.ends and (last.is_cut or deed.begins < last.ends)
    )
    return last if goes_on else None


def _joined(deeds: Sequence[_Deed]) -> list[_Deed]:
    """Keys in a row as one."""
    row: list[_Deed] = []
    for deed in deeds:
        last = row[-1] if row else None
        is_near = last is not None and last.who == deed.who and deed.begins - last.ends < IN_A_ROW
        if last is not None and is_near and last.keys and deed.keys:
            keys = last.keys + deed.keys
            line = f"{deed.who}.presses({_quoted(keys)})"
            row[-1] = replace(last, ends=deed.ends, line=line, keys=keys)
        else:
            row.append(deed)
    return row


def _is_left_alone(call: Call) -> bool:
    """Whether somebody may hear more than the story tells: of whom nothing is asked."""
    return any(leg.is_meeting for leg in call.every_leg)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _written(there: object) -> str:
    """As Python writes it, without what is so by default."""
    given = fields(there) if is_dataclass(there) else ()
    said = ", ".join(f"{each.name}={getattr(there, each.name)!r}" for each in given)
    return f"{type(there).__name__}({said})"
