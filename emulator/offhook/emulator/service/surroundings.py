"""What a call has around it: the desk's audio, far ends, meetings, bots, recordings, faults."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from offhook.actions import action_types
from offhook.actions.base import ErrorType, action_class
from offhook.actions.refusals import Refusal
from offhook.emulator.call.audio import Prompts
from offhook.emulator.call.leg import Leg
from offhook.emulator.call.media import Media
from offhook.emulator.call.recording import Recordings
from offhook.emulator.faults import DESTINATIONS, Fault, Faults
from offhook.emulator.service.bots import Bot
from offhook.emulator.service.far_ends import Answers, FarEnd, NeverAnswers, Voicemail, busy
from offhook.emulator.service.meetings import MEETING_NUMBER, MeetingLine, Meetings
from offhook.emulator.settings import Settings

if TYPE_CHECKING:
    from offhook.emulator.call.call import Call

_AT_FAULT: Mapping[str, FarEnd] = {
    "destination-busy": busy(),
    "destination-silent": NeverAnswers(),
    "destination-voicemail": Voicemail(),
}


@dataclass(kw_only=True)
class Surroundings:
    """Shared by all calls of a service."""

    loop: asyncio.AbstractEventLoop
    settings: Settings
    prompts: Prompts
    recordings: Recordings
    new_id: Callable[[], str]
    """A fresh UUID."""
    new_media: Callable[[], Media]
    our_numbers: Callable[[], tuple[str, ...]]
    """The numbers that the account owns."""
    far_ends: dict[str, FarEnd] = field(default_factory=dict[str, FarEnd])
    """Who is at which number (or user behind a Voice Connector)."""
    default_far_end: FarEnd = field(default_factory=Answers)
    network: Callable[[str, FarEnd], FarEnd] = lambda _number, far_end: far_end
    """Who is reached at a number where that far end is: another application of ours, perhaps."""
    meetings: Meetings = field(default_factory=Meetings)
    bots: dict[str, Bot] = field(default_factory=dict[str, Bot])
    """By BotAliasArn."""
    failures: dict[str, list[Refusal]] = field(default_factory=dict[str, list[Refusal]])
    """By action type: how the next ones fail, on purpose."""
    faults: Faults = field(default_factory=Faults)
    """What goes wrong on purpose."""
    voice_focus_times: list[float] = field(default_factory=list[float])
    """When VoiceFocus was used lately, for its rate."""

    def new_leg(
        self,
        call: "Call",
        tag: str,
        *,
        to: str,
        from_: str,
        direction: Literal["Inbound", "Outbound"],
        sip_headers: Mapping[str, str] | None = None,
        invite_headers: Mapping[str, str] | None = None,
    ) -> Leg:
        """A leg that nobody has answered yet."""
        leg = Leg(
            tag=tag,
            call_id=self.new_id(),
            to=to,
            from_=from_,
            direction=direction,
            started_ms=call.now_ms(),
            sip_headers=sip_headers or {},
            invite_headers=invite_headers or {},
            media=self.new_media(),
            loop=self.loop,
            report=call.report,
        )
        call.every_leg.append(leg)
        return leg

    def at(self, number: str, call: "Call", somebody: FarEnd | None = None) -> FarEnd:
        """Who, or what, is at a number that a call rings: `somebody`, if nothing is wrong there."""
        fault = self.strike(call, DESTINATIONS, number)
        if fault is not None:
            return _AT_FAULT[fault.name]
        if somebody is not None:
            return somebody
        outside = self.default_far_end
        if number == MEETING_NUMBER:
            outside = MeetingLine(self.meetings)
        return self.network(number, self.far_ends.get(number, outside))

    def strike(self, call: "Call", names: Iterable[str], about: str = "") -> Fault | None:
        """The fault that is in force for this, if there is one."""
        transaction_id = call.teller.identity.transaction_id
        return self.faults.strike(names, about, transaction_id=transaction_id)

    def let_fail(self, action_type: str, refusal: Refusal) -> int:
        """The next action of a type fails; how many of them will. Raises `ValueError` for a type or
        an error that there is not."""
        if action_class(action_type) is None:
            raise ValueError(
                f"there is no action {action_type!r}: there are {', '.join(action_types())}"
            )
        if refusal.error_type not in get_args(ErrorType):
            raise ValueError(
                f"there is no ErrorType {refusal.error_type!r}: there are "
                f"{', '.join(get_args(ErrorType))}"
            )
        waiting = self.failures.setdefault(action_type, [])
        waiting.append(refusal)
        return len(waiting)

    def failure_of(self, action_type: str) -> Refusal | None:
        """How the next action of this type fails, if somebody asked for it."""
        waiting = self.failures.get(action_type)
        return waiting.pop(0) if waiting else None
