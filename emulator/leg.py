"""One leg of a call: who is on it, what they hear, which keys they press."""

import asyncio
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from offhook.emulator.clip import Clip
from offhook.emulator.ladder import Kind
from offhook.emulator.media import Media

Status: TypeAlias = Literal["Connected", "Disconnected"]


class Report(Protocol):
    """Adds a line to the ladder."""

    def __call__(self, leg: "Leg", kind: Kind, text: str, clip: Clip | None = None) -> None: ...


@dataclass(slots=True)
class Prompt:
    """A clip that a leg has heard, or is hearing."""

    clip: Clip
    is_over: bool = False
    was_cut: bool = False


class Leg:
    """A leg, as behaviours see it: they play to it, and take its keys."""

    def __init__(
        self,
        *,
        tag: str,
        call_id: str,
        to: str,
        from_: str,
        direction: Literal["Inbound", "Outbound"],
        started_ms: int,
        sip_headers: Mapping[str, str],
        media: Media,
        report: Report,
    ) -> None:
        self.tag = tag
        self.call_id = call_id
        self.to = to
        self.from_ = from_
        self.direction = direction
        self.started_ms = started_ms
        self.sip_headers = sip_headers
        self.status: Status | None = None
        self.media = media
        self.prompts: list[Prompt] = []
        self._report = report
        self._takers: list[Callable[[str], bool]] = []

    @property
    def is_connected(self) -> bool:
        """Whether somebody is on the leg."""
        return self.status == "Connected"

    @property
    def is_gone(self) -> bool:
        """Whether the leg has ended."""
        return self.status == "Disconnected"

    def answer(self) -> None:
        """Connect the leg, if it is not yet."""
        if self.status is None:
            self.status = "Connected"
            self._report(self, "call", "answered")

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

    async def hears(self, clip: Clip, *, cut_by: Callable[[str], bool] | None = None) -> bool:
        """Play a clip to the end; keys that `cut_by` takes cut it. Whether it was heard in full."""
        prompt = Prompt(clip)
        self.prompts.append(prompt)
        self._report(self, "hears", f"hears {clip}  ({clip.seconds:.1f} s)", clip)

        def take(key: str) -> bool:
            taken = cut_by is not None and cut_by(key)
            if taken:
                self.media.stop()
            return taken

        prompt.was_cut = True
        try:
            with self.taking(take):
                prompt.was_cut = not await self.media.play(clip)
        finally:
            prompt.is_over = True
            self._report(self, "cut", f"{clip} is cut" if prompt.was_cut else "")
        return not prompt.was_cut

    @contextmanager
    def taking(self, take: Callable[[str], bool]) -> Generator[None]:
        """Offer every key to a function first; it says whether it has taken it."""
        self._takers.append(take)
        try:
            yield
        finally:
            self._takers.remove(take)

    # What the person on the leg does.

    def presses(self, key: str) -> None:
        """Press one key. It goes to whoever listens, the latest first."""
        heard = any(take(key) for take in reversed(self._takers))
        self._report(self, "presses", f"presses {key}" + ("" if heard else "  (nobody listens)"))


class Keys:
    """The keys pressed while an action listens, one by one."""

    def __init__(self) -> None:
        self._pressed: asyncio.Queue[str] = asyncio.Queue()

    def take(self, key: str) -> bool:
        """Keep a key for `next`."""
        self._pressed.put_nowait(key)
        return True

    @property
    def are_waiting(self) -> bool:
        """Whether a key was pressed that `next` has not given out."""
        return not self._pressed.empty()

    async def next(self, seconds: float) -> str | None:
        """The next key, or `None` when none is pressed in time."""
        try:
            async with asyncio.timeout(seconds):
                return await self._pressed.get()
        except TimeoutError:
            return None
