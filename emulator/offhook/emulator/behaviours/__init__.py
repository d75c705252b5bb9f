"""How each action is performed: one file per action, found by the action's name.

A behaviour reads like the sentence in the documentation. It is given the action and a `Stage`;
it returns what the success event carries beside `Parameters`, raises `Refused` to fail, and is
cancelled when its leg hangs up or a new list comes.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Generic, Literal, TypeAlias, TypeVar, cast

from offhook.actions.base import Action, snake_case
from offhook.actions.refusals import Refusal
from offhook.emulator.call.audio import FaultyPrompts, Prompts
from offhook.emulator.call.leg import Leg
from offhook.emulator.faults import AUDIO
from offhook.emulator.settings import Settings

if TYPE_CHECKING:
    from offhook.emulator.call.call import Call
    from offhook.emulator.service.surroundings import Surroundings

A = TypeVar("A", bound=Action[object])
Result: TypeAlias = Mapping[str, object]
Perform: TypeAlias = "Callable[[A, Stage], Awaitable[Result | None]]"
Echo: TypeAlias = Callable[[Mapping[str, object]], Mapping[str, object]]
OneLeg: TypeAlias = Literal["LEG-A", "LEG-B"]


def no_more(_sent: Mapping[str, object]) -> Mapping[str, object]:
    """The echo is what was sent."""
    return {}


@dataclass(frozen=True, slots=True)
class Stage:
    """Where an action is performed."""

    leg: Leg
    call: "Call"
    surroundings: "Surroundings"
    echo: Mapping[str, object]
    """The action's parameters as its events will echo them."""
    so_far: dict[str, object] = field(default_factory=dict[str, object])
    """What the success event carries if the person on the leg hangs up meanwhile."""

    @property
    def prompts(self) -> Prompts:
        """The audio that can be played."""
        surroundings = self.surroundings
        if not surroundings.faults.has(*AUDIO):
            return surroundings.prompts

        def strike(key: str) -> str:
            fault = surroundings.strike(self.call, AUDIO, key)
            return fault.name if fault is not None else ""

        return FaultyPrompts(surroundings.prompts, strike)

    @property
    def settings(self) -> Settings:
        """How the service behaves where AWS does not say."""
        return self.surroundings.settings


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
    when_left: Literal["ACTION_SUCCESSFUL", "ACTION_FAILED"] | None = None
    """The event when the person on its leg hangs up while it runs, before HANGUP."""
    echo: Echo = no_more
    """Parameters that the service adds to the echo when they were not sent."""
    on: OneLeg | None = None
    """The leg that it runs on, where it cannot run on any."""
    without_leg_b: Refusal | None = None
    """How it is refused where there is no second leg; by default, the leg is invalid."""
    failed_with: Mapping[str, object] = field(default_factory=dict[str, object])
    """What the failure event carries beside the error."""
    error_string: str = ""
    """The `Error` that the page's example shows instead of a SystemException."""


def behaviour(
    *,
    answers: bool = False,
    interruptible: bool = False,
    notifies: bool = False,
    when_left: Literal["ACTION_SUCCESSFUL", "ACTION_FAILED"] | None = None,
    echo: Echo = no_more,
    on: OneLeg | None = None,
    without_leg_b: Refusal | None = None,
    failed_with: Mapping[str, object] | None = None,
    error_string: str = "",
) -> "Callable[[Perform[A]], Behaviour[A]]":
    """Make a function the behaviour of the action that its file is named for."""

    def make(perform: "Perform[A]") -> Behaviour[A]:
        return Behaviour(
            perform,
            answers=answers,
            interruptible=interruptible,
            notifies=notifies,
            when_left=when_left,
            echo=echo,
            on=on,
            without_leg_b=without_leg_b,
            failed_with=failed_with or {},
            error_string=error_string,
        )

    return make


@cache
def find(action: type[Action[object]]) -> "Behaviour[Action[object]] | None":
    """The behaviour of an action; `None` where there is none yet."""
    name = snake_case(action.type_name())
    try:
        module = import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name == f"{__name__}.{name}":
            return None
        raise
    return cast("Behaviour[Action[object]]", getattr(module, name))
