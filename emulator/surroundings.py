"""What a call has around it: the desk's audio, far ends, meetings, bots, recordings, faults."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from offhook.actions.refusals import Refusal
from offhook.emulator.bots import Bot
from offhook.emulator.clip import Prompts
from offhook.emulator.far_ends import Answers, FarEnd
from offhook.emulator.leg import Leg
from offhook.emulator.media import Media
from offhook.emulator.meetings import Meetings
from offhook.emulator.recording import Recordings
from offhook.emulator.settings import Settings

if TYPE_CHECKING:
    from offhook.emulator.call import Call


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
            media=self.new_media(),
            loop=self.loop,
            report=call.report,
        )
        call.every_leg.append(leg)
        return leg

    def at(self, number: str) -> FarEnd:
        """Who, or what, is at a number."""
        return self.network(number, self.far_ends.get(number, self.default_far_end))

    def failure_of(self, action_type: str) -> Refusal | None:
        """How the next action of this type fails, if somebody asked for it."""
        waiting = self.failures.get(action_type)
        return waiting.pop(0) if waiting else None
