"""How the service treats an action, and the stage on which it is performed.

A behaviour reads like the sentence in the documentation. It is given the action and a `Stage`;
it returns what the success event carries beside `Parameters`, raises `Refused` to fail, and is
cancelled when its leg hangs up or a new list comes.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeAlias, TypedDict, TypeVar, Unpack

from offhook.actions.base import Action
from offhook.actions.refusals import Refusal
from offhook.emulator.call.audio import NOT_PCM, Clip
from offhook.emulator.call.deeds import Deed, Known
from offhook.emulator.call.far_end import LiveCall
from offhook.emulator.call.leg import Leg
from offhook.emulator.call.recording import Recorder, out_of_turn
from offhook.emulator.call.world import World
from offhook.emulator.settings import Settings

A = TypeVar("A", bound=Action[object])
SuccessData: TypeAlias = Mapping[str, object]
Perform: TypeAlias = "Callable[[A, Stage], Awaitable[SuccessData | None]]"
Echo: TypeAlias = Callable[[Mapping[str, object]], Mapping[str, object]]
May: TypeAlias = "Callable[[A, Known], Iterable[Deed]]"
OneLeg: TypeAlias = Literal["LEG-A", "LEG-B"]


def no_more(_sent: Mapping[str, object]) -> Mapping[str, object]:
    """The echo is what was sent."""
    return {}


def nothing(_action: object, _known: Known) -> Iterable[Deed]:
    """Nobody can do anything that the function hears of, but hang up."""
    return ()


def never(_settings: Settings) -> bool:
    """Whatever the settings are."""
    return False


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
        recording = self.call.recordings.get(self.leg)
        if recording is None or recording.is_over:
            raise out_of_turn(
                self.settings,
                "no recording runs on this leg: StartCallRecording comes first, and once",
            )
        return recording

    async def fetch(self, place: str, not_pcm: Refusal = NOT_PCM) -> Clip:
        """The wav of an audio source. Raises `Refused` as the service would."""
        clip = await self.world.fetch(self.call, place, not_pcm)
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
    brings_nothing: bool = False
    """Whether its success tells the function nothing that it did not know."""
    when_left: Literal["ACTION_SUCCESSFUL", "ACTION_FAILED"] | None = None
    """The event when the person on its leg hangs up while it runs, before HANGUP."""
    echo: Echo = no_more
    """Parameters that the service adds to the echo when they were not sent."""
    on: OneLeg | None = None
    """The leg that it runs on, where it cannot run on any."""
    lends_call_id: Callable[[Settings], bool] = never
    """Whether it runs on the leg that it would run on anyhow when it lacks the CallId that its page
    requires."""
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
    brings_nothing: bool
    when_left: Literal["ACTION_SUCCESSFUL", "ACTION_FAILED"]
    echo: Echo
    on: OneLeg
    lends_call_id: Callable[[Settings], bool]
    without_leg_b: Refusal
    failed_with: Mapping[str, object]
    error_string: str
    may: "May[Any]"
    at_fault: Mapping[str, Refusal]


def behaviour(**how: Unpack[How]) -> "Callable[[Perform[A]], Behaviour[A]]":
    """Make a function the behaviour of the action that its file is named for."""
    return lambda perform: Behaviour(perform, **how)
