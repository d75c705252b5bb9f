"""What a call asks of all that is around it. The service has it; a call knows no more of it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Protocol

from offhook.emulator.call.bots import Bot
from offhook.emulator.call.far_end import FarEnd, LiveCall
from offhook.emulator.call.media import Media
from offhook.emulator.call.meetings import Meetings
from offhook.emulator.call.recording import Store
from offhook.emulator.call.voice_connectors import VoiceConnectors
from offhook.emulator.faults import Fault
from offhook.emulator.settings import Settings


class World(Protocol):
    """Shared by all calls."""

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """Whose clock is everybody's."""
        ...

    @property
    def settings(self) -> Settings:
        """How the service behaves where AWS does not say."""
        ...

    @property
    def numbers(self) -> Sequence[str]:
        """The numbers that the account owns."""
        ...

    @property
    def region(self) -> str:
        """Where its applications are."""
        ...

    @property
    def buckets(self) -> Store:
        """Where audio is, and where recordings go."""
        ...

    @property
    def meetings(self) -> Meetings:
        """The meetings that callers can join."""
        ...

    @property
    def voice_connectors(self) -> VoiceConnectors:
        """What calls go out through, besides the telephone network."""
        ...

    @property
    def bots(self) -> Mapping[str, Bot]:
        """The bots that are scripted, by BotAliasArn."""
        ...

    @property
    def speaks_for_bots(self) -> Callable[[str], Awaitable[Bot]] | None:
        """Who says what a bot has made of its caller that nobody has scripted, by its ARN."""
        ...

    @property
    def voice_focus_times(self) -> list[float]:
        """When VoiceFocus was used lately, for its rate."""
        ...

    def new_id(self) -> str:
        """A UUID that no other has."""
        ...

    def new_media(self) -> Media:
        """The sound of a new leg."""
        ...

    def at(self, number: str, call: LiveCall, somebody: FarEnd | None = None) -> FarEnd:
        """Who, or what, is at a number that a call rings: `somebody`, if nothing is wrong there."""
        ...

    def strike(self, call: LiveCall, names: Iterable[str], about: str = "") -> Fault | None:
        """The fault that is in force for this, if there is one."""
        ...
