"""A call that happened as a ladder: the emulator's, of what the logs have."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from offhook.emulator.call.audio import Clip, speech
from offhook.emulator.call.ladder import Entry, Kind
from offhook.emulator.call.told import answer_line, event_line
from offhook.emulator.call.visible import visible
from offhook.emulator.findings.finding import Finding
from offhook.emulator.settings import Settings
from offhook.emulator.viewer import document
from offhook.emulator.viewer.document import Document, Ladder
from offhook.handler.events import Event
from offhook.production.log_texts import meaning
from offhook.production.logs.ending import Ending, How, ending, running
from offhook.production.logs.recorded import Exchange, RecordedCall, milliseconds
from offhook.production.logs.turns import findings, invoked, turns

LONG_SECONDS: Final = 3.0
"""From how long on a wait is said."""

Fields = Mapping[str, object]


def entries(call: RecordedCall) -> list[Entry]:
    """All that the logs have, in the order of the call: legs, events with their replies, what the
    replies set, waits, what is wrong, what the service says, and where the caller was lost."""
    found = findings(call)
    end = ending(call)
    made: list[Entry] = []
    before: Exchange | None = None
    row = turns(call)
    for place, (turn, exchange) in enumerate(zip(row, call.exchanges, strict=True)):
        at = round(turn.sent, 3)
        event = exchange.told
        if before is not None:
            made += _waited(call, place, at, row[place - 1].at, before)
        made += _legs(at, event, before.told if before is not None else None)
        made += _pressed(at, event)
        answer = (
            answer_line(invoked(exchange)) if exchange.answer != "unseen" else "(not in the logs)"
        )
        made.append(_entry(at, "", "event", f"{event_line(exchange.event)}  →  {answer}"))
        if exchange.deliveries > 1:
            made.append(_entry(at, "", "note", f"it was sent {exchange.deliveries} times"))
        if turn.seconds >= LONG_SECONDS:
            made.append(_entry(at, "", "note", f"the function took {turn.seconds:.1f} s"))
        made += _set(round(turn.at, 3), exchange)
        mine = f"{event.invocation_event_type} {event.sequence}"
        made += [
            _entry(at, "", "note", f"{one.weight}: {one.rule}: {one.evidence}")
            for one in found
            if one.where.partition(",")[0] == mine
        ]
        if place == end.after and end.how != "we hung up":
            made.append(_entry(at, "", "note", f"▶ {lost(end)}"))
        before = exchange
    began = call.began
    for said in call.service:
        at = (said.at - began).total_seconds() if said.at and began else made[-1].time
        made.append(_entry(round(at, 3), "", "service", f"{said.text} — {meaning(said.text)}"))
    return made


def lost(end: Ending) -> str:
    """`the caller was lost here: ...`."""
    return f"the caller was lost here: {end.why}" if end.how != "not known" else end.why


def title(call: RecordedCall) -> str:
    """`2027-03-01T10:00:00.000Z  4f1c2b7e-9d35  +15550100200 → +15550100100`."""
    leg = call.exchanges[0].told.leg_a
    began = milliseconds(call.began) if call.began else "at no known time"
    return visible(f"{began}  {call.transaction}  {leg.from_} → {leg.to}")


def drawn(calls: Sequence[RecordedCall], name: str) -> Document:
    """Calls in one document of the viewer, with what is wrong in them, each thing once."""
    kept: dict[object, tuple[Finding, list[RecordedCall]]] = {}
    for call in calls:
        for one in findings(call):
            kept.setdefault(one.same, (one, []))[1].append(call)
    return Document(
        version=document.VERSION,
        title=name,
        summary=[totals(Counter(ending(call).how for call in calls))],
        maps=[],
        ladders=[
            Ladder(title=f"{title(call)}: {summary(call)}", rows=document.rows(entries(call)))
            for call in calls
        ],
        findings=[
            document.Finding(
                weight=one.weight,
                rule=one.rule,
                where=one.where,
                evidence=one.evidence,
                instead=one.instead,
                count=len(its),
                is_known=False,
                story=[title(call) for call in its[:5]],
                disturbed_by=[],
                rows=[],
                map=-1,
                arrow=-1,
            )
            for one, its in kept.values()
        ],
        reached=[],
    )


def counted(count: int, what: str) -> str:
    """`1 call`, `4 calls`."""
    return f"{count} {what}{'s' * (count != 1)}"


def totals(ends: Counter[How]) -> str:
    """`4 calls: 2 we hung up, 1 dropped, 1 they hung up`."""
    counts = ", ".join(f"{count} {how}" for how, count in ends.most_common())
    return f"{counted(ends.total(), 'call')}: {counts}"


def summary(call: RecordedCall) -> str:
    """`dropped after 12.3 s: the function failed: KeyError: 'name'`."""
    end = ending(call)
    why = f": {end.why}" if end.why else ""
    lacks = f" (incomplete: {', '.join(call.lacks)})" if call.lacks else ""
    return visible(f"{end.how} after {turns(call)[-1].at:.1f} s{why}{lacks}")


def _entry(at: float, leg: str, kind: Kind, text: str) -> Entry:
    return Entry(at, leg, kind, visible(text))


def _waited(
    call: RecordedCall, place: int, at: float, since: float, before: Exchange
) -> Iterator[Entry]:
    if at - since < LONG_SECONDS:
        return
    doing = ", ".join(running(call, place))
    during = f" during {doing}" if doing else ""
    yield _entry(at, "", "note", f"{at - since:.1f} s pass{during}")
    if before.told.sequence + 1 != call.exchanges[place].sequence:
        yield _entry(at, "", "note", "the logs lack what was told meanwhile")


def _legs(at: float, event: Event, before: Event | None) -> Iterator[Entry]:
    """Who has come and gone since the event before."""
    known = {leg.call_id: leg for leg in before.participants} if before is not None else {}
    for leg in event.participants:
        was = known.get(leg.call_id)
        tag = leg.participant_tag
        if was is None:
            does = "dials" if leg.is_inbound else "calls"
            yield _entry(at, tag, "call", f"{leg.from_} {does} {leg.to}")
        if leg.is_connected and (was is None or was.status is None) and event.sequence > 1:
            yield _entry(at, tag, "call", "is up")
        if leg.status == "Disconnected" and (was is None or was.status != "Disconnected"):
            code = getattr(event, "sip_response_code", None)
            yield _entry(at, tag, "call", "has left" + (f" with SIP {code}" if code else ""))


def _pressed(at: float, event: Event) -> Iterator[Entry]:
    keys = event.action_data.get("ReceivedDigits")
    if isinstance(keys, str) and keys:
        yield _entry(at, event.leg.participant_tag, "presses", f"presses {keys}")


def _set(at: float, exchange: Exchange) -> Iterator[Entry]:
    """What a reply sets, an action a line; on the leg that it names, or the event's."""
    reply = exchange.reply
    event = exchange.told
    if not isinstance(reply, dict) or event.ignores_actions:
        return
    actions = reply.get("Actions")
    for action in actions if isinstance(actions, list) else ():
        if not isinstance(action, dict):
            continue
        kind = str(action.get("Type"))
        given = action.get("Parameters")
        parameters = cast("Fields", given if isinstance(given, dict) else {})
        ids = {leg.call_id: leg.participant_tag for leg in event.participants}
        tag = parameters.get("ParticipantTag") or ids.get(str(parameters.get("CallId")))
        heard = " ".join(map(str, _heard(parameters)))
        yield _entry(
            at, str(tag or event.leg.participant_tag), "action", f"{kind} {heard}".rstrip()
        )


def _heard(parameters: Fields) -> Iterator[Clip | str]:
    """The words or the audio of an action, else what it is about."""
    text = parameters.get("Text")
    speeches = parameters.get("SpeechParameters")
    if isinstance(speeches, dict):
        parameters = cast("Fields", speeches)
        text = parameters.get("Text")
    if isinstance(text, str):
        yield speech(text, str(parameters.get("TextType") or "text"), Settings().words_per_minute)
        return
    for name in ("AudioSource", "PlayAudioParameters"):
        source = parameters.get(name)
        if isinstance(source, dict) and "Key" in source:
            yield f"♪ {cast('Fields', source)['Key']}"
    for name in ("DurationInMilliseconds", "Digits", "InputDigitsRegex", "SipResponseCode"):
        if name in parameters:
            yield str(parameters[name])
    endpoints = parameters.get("Endpoints")
    for one in cast("list[object]", endpoints) if isinstance(endpoints, list) else []:
        if isinstance(one, dict):
            yield str(cast("Fields", one).get("Uri"))
