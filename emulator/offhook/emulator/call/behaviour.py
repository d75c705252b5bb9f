"""How the service treats an action, and the stage on which it is performed.

A behaviour reads like the sentence in the documentation. It is given the action and a `Stage`;
it returns what the success event carries beside `Parameters`, raises `Refused` to fail, and is
cancelled when its leg hangs up or a new list comes.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, NoReturn, TypeAlias, TypedDict, TypeVar, Unpack

from offhook.actions.base import Action
from offhook.actions.fields import PROMPTS_BUCKET, split_s3
from offhook.actions.refusals import Refusal
from offhook.emulator.call.audio import AUDIO_AT_FAULT, NOT_PCM, Clip, speech
from offhook.emulator.call.deeds import Deed, Known
from offhook.emulator.call.far_end import LiveCall
from offhook.emulator.call.leg import Leg
from offhook.emulator.call.recording import Recorder, out_of_turn
from offhook.emulator.call.refused import Refused
from offhook.emulator.call.world import World
from offhook.emulator.faults import AUDIO, RECORDINGS
from offhook.emulator.settings import Settings

A = TypeVar("A", bound=Action[object])
SuccessData: TypeAlias = Mapping[str, object]
Perform: TypeAlias = "Callable[[A, Stage], Awaitable[SuccessData | None]]"
Echo: TypeAlias = Callable[[Mapping[str, object]], Mapping[str, object]]
May: TypeAlias = "Callable[[A, Known], Iterable[Deed]]"
Reads: TypeAlias = Callable[[dict[str, object], str, Settings], str]
OneLeg: TypeAlias = Literal["LEG-A", "LEG-B"]


def no_more(_sent: Mapping[str, object]) -> Mapping[str, object]:
    """The echo is what was sent."""
    return {}


def nothing(_action: object, _known: Known) -> Iterable[Deed]:
    """Nobody can do anything that the function hears of, but hang up."""
    return ()


def as_it_is(_read: dict[str, object], _call_id: str, _settings: Settings) -> str:
    """Its parameters are read as they are."""
    return ""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where an action is performed."""

    leg: Leg
    call: LiveCall
    world: World
    echo: Mapping[str, object]
    """The action's parameters as its events will echo them."""
    so_far: dict[str, object] = field(default_factory=dict[str, object])
    """What the success event carries if the person on the leg hangs up meanwhile."""

    @property
    def settings(self) -> Settings:
        """How the service behaves where AWS does not say."""
        return self.world.settings

    def recording(self) -> Recorder:
        """The recording of the leg that has started and not ended. Raises `Refused`."""
        recordings = self.call.recordings
        running = {leg: one for leg, one in recordings.items() if not one.is_over}
        if self.leg not in running and self.settings.recording_of_another_leg == "taken":
            return next(iter(running.values()), None) or self._no_recording(running)
        return running.get(self.leg) or self._no_recording(running)

    def _no_recording(self, running: Mapping[Leg, Recorder]) -> NoReturn:
        others = "".join(f"; that of {leg.tag} runs: name its CallId" for leg in running)
        raise out_of_turn(
            self.settings,
            f"no recording runs on this leg: StartCallRecording comes first, and once{others}",
        )

    def speech(
        self, text: str, text_type: str, voice_id: str, language_code: str | None, engine: str
    ) -> Clip:
        """A text as Polly says it. Raises `Refused` as the service would."""
        pace = self.settings.words_per_minute
        return self._advised(speech(text, text_type, pace, voice_id, language_code, engine))

    async def fetch(self, place: str, not_pcm: Refusal = NOT_PCM) -> Clip:
        """The wav of an audio source. Raises `Refused` as the service would."""
        key = split_s3(place, PROMPTS_BUCKET)[1]
        if fault := self.world.strike(self.call, AUDIO, key):
            refusal = AUDIO_AT_FAULT.get(fault.name, not_pcm)
            raise Refused(refusal, f"on purpose: {fault.name} of {key}")
        return self._advised(await self.world.buckets.fetch(place, not_pcm))

    def may_record(self, bucket: str) -> None:
        """Raises `PermissionError` where that goes wrong on purpose."""
        if fault := self.world.strike(self.call, RECORDINGS, bucket):
            raise PermissionError(f"on purpose: {fault.name} of {bucket}")

    def _advised(self, clip: Clip) -> Clip:
        if clip.advice:
            self.leg.report("note", clip.advice)
        return clip


@dataclass(frozen=True)
class Behaviour(Generic[A]):
    """How the service treats an action, as in the reference's behaviour matrix (B.16)."""

    perform: "Perform[A]"
    answers: bool = False
    """Whether it answers an unanswered inbound call."""
    interruptible: bool = False
    """Whether a call update stops it."""
    notifies: bool = False
    """Whether its success is reported also from the middle of a list."""
    makes_leg_b: bool = False
    """Whether somebody else is on the call afterwards."""
    brings_nothing: bool = False
    """Whether its success tells the function nothing that it did not know."""
    when_left: Literal["ACTION_SUCCESSFUL", "ACTION_FAILED"] | None = None
    """The event when the person on its leg hangs up while it runs, before HANGUP."""
    echo: Echo = no_more
    """Parameters that the service adds to the echo when they were not sent."""
    on: OneLeg | None = None
    """The leg that it runs on, where it cannot run on any."""
    reads: Reads = as_it_is
    """Changes what is read of its parameters, given the CallId of its leg, where a setting wants
    that; and says what to write."""
    without_leg_b: Refusal | None = None
    """How it is refused where there is no second leg; by default, the leg is invalid."""
    failed_with: Mapping[str, object] = field(default_factory=dict[str, object])
    """What the failure event carries beside the error."""
    error_string: str = ""
    """The `Error` that the page's example shows instead of a SystemException."""
    may: "May[A]" = nothing
    """What others may do while it runs."""
    at_fault: Mapping[str, Refusal] = field(default_factory=dict[str, Refusal])
    """How it fails when something that it needs is broken on purpose, by the name of the fault."""


class How(TypedDict, total=False):
    """The keywords of `behaviour`: the fields of `Behaviour`."""

    answers: bool
    interruptible: bool
    notifies: bool
    makes_leg_b: bool
    brings_nothing: bool
    when_left: Literal["ACTION_SUCCESSFUL", "ACTION_FAILED"]
    echo: Echo
    on: OneLeg
    reads: Reads
    without_leg_b: Refusal
    failed_with: Mapping[str, object]
    error_string: str
    may: "May[Any]"
    at_fault: Mapping[str, Refusal]


def behaviour(**how: Unpack[How]) -> "Callable[[Perform[A]], Behaviour[A]]":
    """Make a function the behaviour of the action that its file is named for."""
    return lambda perform: Behaviour(perform, **how)
