"""Events about an action: it is done, it failed, it was interrupted, or it heard digits."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeAlias, cast

from typing_extensions import TypeVar  # with a default: `ActionFailed` is that of any action

from offhook.actions.base import Action, UnknownAction, action_class
from offhook.handler.event import Event
from offhook.handler.reading import said, text

if TYPE_CHECKING:
    from offhook.actions.receive_digits import ReceiveDigits

Listening: TypeAlias = "ReceiveDigits"
A_co = TypeVar("A_co", bound=Action, covariant=True, default=Action)
R = TypeVar("R")


def action_type_of(event: Event) -> str:
    """The `Type` of the action that an event is about."""
    return text(event.action_data, "Type")


class _OfAction(Event, Generic[A_co]):
    action_type: Final = said("action_data", "Type")
    """The action's `Type`, also of one that we do not know."""

    @property
    def parameters(self) -> Mapping[str, object]:
        """The action's parameters as the service echoes them."""
        return self._parameters

    @property
    def action(self) -> A_co:
        """The action that the event is about, with what the service filled in."""
        found = action_class(self.action_type)
        if found is None:
            return cast("A_co", UnknownAction.keep(self.action_data))
        return cast("A_co", found.from_echo(self._parameters))


class ActionError(NamedTuple):
    """Why an action failed."""

    error_type: str
    """The kind, as in `InvalidActionParameter`; empty where the event does not say."""
    error_message: str
    """The service's own words; empty where it has none."""
    error_list: tuple[object, ...] = ()
    """Further details; ModifyChimeMeetingAttendees only."""


class WithError:
    """Of an event that says what went wrong."""

    raw: Mapping[str, object]
    action_data: Mapping[str, object]

    @property
    def error(self) -> ActionError:
        """Why, from any of the shapes that the service documents."""
        return error_in(self.raw) or error_in(self.action_data) or ActionError("", "")

    @property
    def error_type(self) -> str:
        """As in `InvalidActionParameter`; empty where the event does not say."""
        return self.error.error_type


class ActionSuccessful(_OfAction[A_co], Generic[A_co]):
    """An action is done: the last of the list, or one that always reports."""

    @property
    def result(self: "ActionSuccessful[Action[R]]") -> R:
        """What the action brought back: `Digits`, `Recording`, ...; `None` for most."""
        found = action_class(action_type_of(self))
        kind = found.result_type if found else None
        if kind is None:
            return cast("R", None)
        read = kind.__pydantic_validator__.validate_python  # `model_validate` takes twice as long
        return cast("R", read(self.action_data, by_name=False, by_alias=True))

    received_digits: Final = said("action_data", "ReceivedDigits")
    """The keys pressed; empty for actions that collect none."""


class ActionFailed(WithError, _OfAction[A_co], Generic[A_co]):
    """An action failed, and the rest of its list was dropped."""


class ActionInterrupted(_OfAction[A_co], Generic[A_co]):
    """A call update stopped the action. The answer is ignored."""


class DigitsReceived(_OfAction[Listening]):
    """What was pressed matches the ReceiveDigits that listens on the leg."""

    received_digits: Final = said("action_data", "ReceivedDigits")
    """Every key, also `#` and `*` if the expression takes them."""


def error_in(source: Mapping[str, object]) -> ActionError | None:
    """The error that an event, or its ActionData, holds in one of the documented shapes."""
    kind, message = text(source, "ErrorType"), text(source, "ErrorMessage")
    if not (kind or message):
        single = text(source, "Error")  # "ErrorJoiningMeeting: Error while joining meeting."
        kind, _, message = single.partition(": ")
        if not single:
            return None
    details = source.get("ErrorList")
    listed = tuple(cast("list[object]", details)) if isinstance(details, list) else ()
    return ActionError(kind, message, listed)
