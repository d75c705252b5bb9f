"""What a page is shown: the desk, its calls in short, one of them in full, as it goes on."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TypeAlias

from offhook.emulator.call.call import Call
from offhook.emulator.call.told import Turn
from offhook.emulator.faults import NAMES
from offhook.emulator.findings.turns import of_turns
from offhook.emulator.server.desk.endpoint import legs_of
from offhook.emulator.server.phone.handset import Handset
from offhook.emulator.server.phone.switchroom import Switchroom
from offhook.emulator.server.phone.waiting import waits
from offhook.emulator.service.described import DEFAULT
from offhook.emulator.service.switchboard import NobodyAnswers
from offhook.emulator.viewer.document import rows

Json: TypeAlias = Mapping[str, object]


class Shown:
    """Remembers what a page has seen, and tells what is new."""

    def __init__(self, room: Switchroom) -> None:
        self._room = room
        self._seen: dict[str, str] = {}
        self._call: Call | None = None
        self._rows = self._turns = 0
        self._findings: list[Json] = []

    @property
    def is_live(self) -> bool:
        """Whether a call is shown that goes on."""
        return self._call is not None and not self._call.has_ended

    def watch(self, call: Call | None) -> None:
        """Show this call from its beginning, and no other."""
        self._call = call
        self._rows = self._turns = 0
        self._findings = []
        for each in ("call", "map"):
            self._seen.pop(each, None)

    def news(self, phone: Handset) -> Iterator[Json]:
        """Everything that is not as it was."""
        yield from self._new("desk", self._desk(phone))
        service = self._room.service
        calls = [self._summary(call) for call in reversed(service.placed())]
        yield from self._new("calls", {"Calls": calls})
        if self._call is not None:
            more = self._more(self._call)
            for each in self._new("call", self._detail(self._call), always=bool(more)):
                yield {**each, **more, "Now": round(self._call.ladder.seconds, 3)}
            where = self._room.atlas.shown(self._call)
            yield from self._new("map", {"TransactionId": self._call.transaction_id, **where})

    def _new(self, name: str, content: Json, *, always: bool = False) -> Iterator[Json]:
        text = json.dumps(content, default=str)
        if always or self._seen.get(name) != text:
            self._seen[name] = text
            yield {"Is": name, **content}

    def _desk(self, phone: Handset) -> Json:
        service = self._room.service
        account = service.account
        applications = account.holdings.applications
        names: dict[str, str] = {}
        for number in account.numbers:
            with suppress(NobodyAnswers):
                line = account.answering(number)[0]
                names[number] = applications[line.sip_media_application_id].name
        return {
            "Numbers": [{"Number": number, "Application": name} for number, name in names.items()],
            "Phones": [
                number for number, end in service.far_ends.items() if isinstance(end, Handset)
            ],
            "Voice": voice.name if (voice := self._room.voices.voice) else "",
            "Reads": phone.reads,
            "Faults": [str(fault) for fault in service.faults.waiting],
            "FaultNames": NAMES,
            "FarEnd": repr(service.far_ends.get(DEFAULT) or service.default_far_end),
        }

    def _summary(self, call: Call) -> Json:
        leg = call.legs[0]
        return {
            "TransactionId": call.transaction_id,
            "Number": call.number,
            "From": leg.from_,
            "To": leg.to,
            "Direction": leg.direction,
            "StartedMs": call.started_ms,
            "IsOver": call.has_ended,
            "Seconds": round(call.ladder.entries[-1].time) if call.has_ended else None,
            "IsDropped": any(entry.kind == "service" for entry in call.ladder.entries),
        }

    def _more(self, call: Call) -> Json:
        """What is new of its rows and turns; nothing where nothing is."""
        entries, turns = call.ladder.entries, call.told.turns
        more: Json = {}
        if len(entries) > self._rows or len(turns) > self._turns:
            began = call.loop.time() - call.ladder.seconds
            more = {
                "IsFirst": self._rows == 0,
                "Rows": rows(entries[self._rows :]),
                "Turns": [_turn(turn, began) for turn in turns[self._turns :]],
            }
        if len(turns) > self._turns:
            self._findings = [
                {
                    "Weight": one.weight,
                    "Rule": one.rule,
                    "Where": one.where,
                    "Evidence": one.evidence,
                    "Instead": one.instead,
                }
                for one in of_turns(turns)
            ]
        self._rows, self._turns = len(entries), len(turns)
        return more

    def _detail(self, call: Call) -> Json:
        """All of the rest."""
        began = call.loop.time() - call.ladder.seconds
        recordings = self._room.service.buckets.written
        asks = call.told.events[len(call.told.turns) :]
        return {
            "TransactionId": call.transaction_id,
            "IsOver": call.has_ended,
            "Asks": [event["InvocationEventType"] for event in asks],
            "Runs": _running(call, began),
            "Next": [str(action.get("Type")) for action in call.actions.rest],
            "Legs": [
                {
                    "Tag": leg.tag,
                    "CallId": leg.call_id,
                    "From": leg.from_,
                    "To": leg.to,
                    "Direction": leg.direction,
                    "Status": leg.status or "Ringing",
                    "SipHeaders": dict(leg.sip_headers or leg.invite_headers),
                }
                for leg in legs_of(self._room.service, call)
            ],
            "Attributes": dict(call.told.attributes),
            "Findings": self._findings,
            "Recordings": [
                {"Name": path.name, "Place": place}
                for place, path in enumerate(recordings)
                if any(leg.call_id in path.name for leg in call.every_leg)
            ],
        }


def _turn(turn: Turn, began: float) -> Json:
    return {
        "At": round(turn.at - began, 3),
        "Seconds": round(turn.seconds, 3),
        "Event": turn.event,
        "Reply": turn.invoked.reply,
        "Error": turn.invoked.error,
        "Log": turn.invoked.log,
        "IsObeyed": turn.is_obeyed,
    }


def _running(call: Call, began: float) -> Json | None:
    performance = call.actions.performance
    if performance is None or call.has_ended:
        return None
    what, until = waits(call, performance)
    return {
        "Type": performance.type,
        "Tag": performance.leg.tag if performance.leg else "",
        "Parameters": performance.sent,
        "Since": round(performance.began - began, 3),
        "WaitsFor": what,
        "Until": None if until is None else round(until - began, 3),
    }
