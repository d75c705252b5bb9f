"""One leg of a call: who is on it, what they hear and say, which keys they press."""

import asyncio
from collections import deque
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from typing import Literal, NotRequired, TypeAlias, TypedDict

from offhook.emulator.call.audio import Clip
from offhook.emulator.call.ladder import Kind, Ladder
from offhook.emulator.call.media import Media
from offhook.emulator.call.span import Span, go_on

Status: TypeAlias = Literal["Connected", "Disconnected"]
Taker: TypeAlias = Callable[[str], bool]
"""Is offered a key, and says whether it took it."""

MOMENT = 1e-6
"""Seconds that are none: sums of times are not exact."""

KEY_SECONDS = 0.1
"""How long the tone of a key sounds when somebody presses it. Not documented."""


@dataclass(slots=True)
class Hearing:
    """A clip that a leg has heard, or is hearing."""

    clip: Clip
    is_over: bool = False
    was_cut: bool = False


class Ends(TypedDict):
    """Which two a leg joins, and what their INVITE says."""

    to: str
    from_: str
    direction: Literal["Inbound", "Outbound"]
    sip_headers: NotRequired[Mapping[str, str]]
    invite_headers: NotRequired[Mapping[str, str]]


@dataclass(eq=False, kw_only=True, slots=True)
class Leg:
    """A leg, as behaviours see it: they play to it, and take its keys."""

    tag: str
    call_id: str
    to: str
    from_: str
    direction: Literal["Inbound", "Outbound"]
    started_ms: int
    sip_headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Those it was received with, as events show them."""
    media: Media
    loop: asyncio.AbstractEventLoop
    ladder: Ladder
    invite_headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Those of our own INVITE: whoever is called sees them, events of this call do not."""
    status: Status | None = None
    is_meeting: bool = False
    """Whether the far side is a meeting, not a telephone."""
    answered_at: float | None = None
    """When it was answered, in seconds of the loop's clock."""
    ended_at: float | None = None
    """When it ended, in seconds of the loop's clock; `None` while it is there."""
    dialled: "asyncio.Future[int] | None" = None
    """While it rings for CallAndBridge: 0 once answered, the SIP response code otherwise."""
    sip_response_code: int = 0
    """With which code it ended."""
    prompts: list[Hearing] = field(default_factory=list[Hearing])
    """What was played to it."""
    said: list[Span] = field(default_factory=list[Span])
    """What the person on it said."""
    speaks_up: bool = False
    """Whether the person on it is about to say something, and is not silent therefore."""
    heard: list[Span] = field(default_factory=list[Span])
    """When the person on it heard something."""
    keyed: list[Span] = field(default_factory=list[Span])
    """When the person on it pressed keys."""
    focused: list[Span] = field(default_factory=list[Span])
    """When VoiceFocus was on."""
    kept: float | None = None
    """Seconds that a mailbox on it has kept; `None` where none was."""
    recorders: int = 0
    """How many recordings keep what is heard and said here."""
    recorded: int = 0
    """How often RecordAudio has begun on it."""
    digits_sent: str = ""
    """What SendDigits pressed towards it."""
    listener: Taker | None = None
    """What ReceiveDigits registered: offered the keys that nobody else takes."""
    _takers: list[Taker] = field(default_factory=list[Taker])
    _endings: list[Callable[[], object]] = field(default_factory=list[Callable[[], object]])

    @property
    def is_connected(self) -> bool:
        """Whether somebody is on the leg."""
        return self.status == "Connected"

    @property
    def is_gone(self) -> bool:
        """Whether the leg has ended."""
        return self.status == "Disconnected"

    def report(self, kind: Kind, text: str, clip: Clip | None = None) -> None:
        """Note on the ladder what happens here now; without text, only its watchers see it."""
        self.ladder.report(self.tag, kind, text, clip)

    def answer(self) -> None:
        """Connect the leg, if it is not yet."""
        if self.status is None:
            self.status = "Connected"
            self.answered_at = self.loop.time()
            self.report("call", "answered")

    def at_end(self, ending: Callable[[], object]) -> None:
        """Do something when the leg ends: what goes on in its background is put away."""
        self._endings.append(ending)

    def end(self, sip_response_code: int = 0) -> None:
        """Disconnect the leg, if it is not yet."""
        if self.is_gone:
            return
        self.status = "Disconnected"
        self.ended_at = self.loop.time()
        self.sip_response_code = sip_response_code
        for span in (*self.said, *self.focused):
            span.end = min(span.end, self.loop.time())
        while self._endings:
            self._endings.pop(0)()

    def describe(self) -> dict[str, object]:
        """The leg's entry in `CallDetails.Participants`."""
        entry: dict[str, object] = {
            "CallId": self.call_id,
            "ParticipantTag": self.tag,
            "To": self.to,
            "From": self.from_,
            "Direction": self.direction,
            "StartTimeInMilliseconds": str(self.started_ms),
        }
        if self.status is not None:
            entry["Status"] = self.status
        if self.sip_headers:
            entry["SipHeaders"] = dict(self.sip_headers)
        return entry

    # What behaviours do with a leg.

    async def hears(self, clip: Clip, *, cut_by: Taker | None = None) -> bool:
        """Play a clip to the end; keys that `cut_by` takes cut it. Whether it was heard in full."""

        def take(key: str) -> bool:
            taken = cut_by is not None and cut_by(key)
            if taken:
                self.media.stop()
            return taken

        self._takers.append(take)
        try:
            clip = await self.media.prepared(clip)
        finally:
            self._takers.remove(take)
        prompt = Hearing(clip, was_cut=True)
        span = Span(self.loop.time(), self.loop.time() + clip.seconds, clip, clip.sound)
        self.prompts.append(prompt)
        self.heard.append(span)
        self.report("hears", f"hears {clip}  ({clip.seconds:.1f} s)", clip)
        self._takers.append(take)
        try:
            prompt.was_cut = not await self.media.play(clip)
        finally:
            self._takers.remove(take)
            prompt.is_over = True
            span.end = min(span.end, self.loop.time())
            self.report("cut", f"{clip} is cut" if prompt.was_cut else "")
        return not prompt.was_cut

    @contextmanager
    def sounding(self) -> Generator[None]:
        """Something is heard on the leg that is no clip: the tones of SendDigits."""
        span = Span(self.loop.time(), inf)
        self.heard.append(span)
        try:
            yield
        finally:
            span.end = self.loop.time()

    def focuses(self, is_on: bool) -> None:
        """VoiceFocus is switched on, or off."""
        now = self.loop.time()
        for span in self.focused:
            span.end = min(span.end, now)
        if is_on:
            self.focused.append(Span(now, inf))

    @contextmanager
    def taking(self, take: Taker) -> Generator[None]:
        """Offer every key to a function first; it says whether it has taken it."""
        self._takers.append(take)
        try:
            yield
        finally:
            self._takers.remove(take)

    async def is_silent_for(self, seconds: float) -> None:
        """Wait until the person on the leg has not spoken for so long."""
        quiet_since = self.loop.time()
        while (remaining := quiet_since + seconds - self.loop.time()) > MOMENT:
            await asyncio.sleep(remaining)
            quiet_since = max([quiet_since, *(said.end for said in self.said)])
            if self.speaks_up:
                quiet_since = self.loop.time()

    # What the person on the leg does.

    @property
    def takes_keys(self) -> bool:
        """Whether an action waits for keys of theirs, and for nothing else."""
        return bool(self._takers)

    def presses(self, key: str) -> None:
        """Press one key. It goes to whoever listens, the latest first."""
        self.keyed.append(Span(self.loop.time(), self.loop.time() + KEY_SECONDS))
        heard = any(take(key) for take in reversed(self._takers))
        heard = heard or (self.listener is not None and self.listener(key))
        self.report("presses", f"presses {key}" + ("" if heard else "  (nobody listens)"))

    def speaks(self, frame: bytes) -> None:
        """20 ms of their voice."""
        go_on(self.said, frame, self.loop.time(), keeps=self.recorders > 0)

    def says(self, clip: Clip) -> Span:
        """Speak, for as long as the clip is."""
        said = Span(self.loop.time(), self.loop.time() + clip.seconds, clip, clip.sound)
        self.said.append(said)
        self.report("says", f"says {clip}  ({clip.seconds:.1f} s)", clip)
        return said

    def is_joined_by(self, other: "Leg") -> None:
        """Hear from now on what the other side is saying already."""
        for said in other.said:
            if said.end > self.loop.time():
                self.overhears(other, said)

    def overhears_voice(self, frame: bytes) -> None:
        """Hear 20 ms of the voice of the other side of a bridged call."""
        go_on(self.heard, frame, self.loop.time(), keeps=self.recorders > 0)
        self.media.hear(frame)

    def overhears(self, speaker: "Leg", said: Span) -> None:
        """Hear what the other side of a bridged call says, until one of the two has left."""
        if said.clip is None:  # a voice: it comes frame by frame
            return
        prompt, span = Hearing(said.clip), Span(self.loop.time(), said.end, said.clip, said.sound)
        self.prompts.append(prompt)
        self.heard.append(span)
        stop = self.media.overhear(span)

        def over(was_cut: bool) -> None:
            if not prompt.is_over:
                prompt.is_over, prompt.was_cut = True, was_cut
                if was_cut:
                    stop()
                span.end = min(span.end, self.loop.time())
                self.report("cut", "")

        self.loop.call_at(said.end, over, False)
        for leg in (self, speaker):
            leg.at_end(lambda: over(True))


class Keys:
    """The keys pressed while an action listens, one by one."""

    def __init__(self) -> None:
        self._pressed: deque[str] = deque()
        self._awaited: asyncio.Future[str | None] | None = None

    def take(self, key: str) -> bool:
        """Keep a key for `next`."""
        if self._awaited is None or self._awaited.done():
            self._pressed.append(key)
        else:
            self._awaited.set_result(key)
        return True

    @property
    def are_waiting(self) -> bool:
        """Whether a key was pressed that `next` has not given out."""
        return bool(self._pressed)

    async def next(self, seconds: float | None) -> str | None:
        """The next key, or `None` when none is pressed in time."""
        if self._pressed:
            return self._pressed.popleft()
        loop = asyncio.get_running_loop()
        awaited: asyncio.Future[str | None] = loop.create_future()
        self._awaited = awaited
        timer = None if seconds is None else loop.call_later(seconds, _give_up, awaited)
        try:
            return await awaited
        finally:
            self._awaited = None
            if timer is not None:
                timer.cancel()


def _give_up(awaited: "asyncio.Future[str | None]") -> None:
    if not awaited.done():
        awaited.set_result(None)
