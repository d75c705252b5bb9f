"""Lambda functions for stories: they answer as written, whatever they are told."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol, TypeAlias, cast

from offhook.actions import Action
from offhook.emulator.testing import Phone

Event: TypeAlias = Mapping[str, object]
Told: TypeAlias = Sequence[dict[str, object]]
Wire: TypeAlias = Mapping[str, object]
Written: TypeAlias = Sequence[Action[object] | Wire]
Function: TypeAlias = Callable[..., object]


class AnsweredBy(Protocol):
    """`answered_by(function, barge_in=False)`: a phone whose numbers a function answers."""

    def __call__(self, function: Function | str, **settings: object) -> Phone: ...


def reply(*actions: Action[object] | Wire, **more: object) -> dict[str, object]:
    """An envelope, as a function returns it."""
    wires = [action.to_wire() if isinstance(action, Action) else action for action in actions]
    return {"SchemaVersion": "1.0", "Actions": wires, **more}


def in_turn(*answers: object) -> Function:
    """Answer each event with the next of these, then with no actions.

    A list is put in an envelope, an exception is raised, anything else is returned as it is.
    """
    pending = list(answers)

    def function(_event: object, _context: object) -> object:
        answer = pending.pop(0) if pending else reply()
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, list):
            return reply(*cast("Written", answer))
        return answer

    return function


def always(*actions: Action[object] | Wire) -> Function:
    """Answer every event with the same actions."""

    def function(_event: object, _context: object) -> object:
        return reply(*actions)

    return function


def types(events: Told) -> list[str]:
    """What was told: the types of the events."""
    return [str(event["InvocationEventType"]) for event in events]


def action_data(event: Wire) -> dict[str, object]:
    """What an event says of its action."""
    return cast("dict[str, object]", event["ActionData"])


def parameters(event: Wire) -> dict[str, object]:
    """The parameters of the action as the service echoes them."""
    return cast("dict[str, object]", action_data(event)["Parameters"])


def error(event: Wire) -> tuple[object, object]:
    """The type and message with which an action failed."""
    data = action_data(event)
    return data["ErrorType"], data["ErrorMessage"]


def details(event: Wire) -> dict[str, object]:
    """What an event says of its call."""
    return cast("dict[str, object]", event["CallDetails"])


def legs(event: Wire) -> list[dict[str, object]]:
    """The participants of an event."""
    return cast("list[dict[str, object]]", details(event)["Participants"])


def statuses(events: Told) -> Iterator[object]:
    """LEG-A's status in each event; `None` where there is none."""
    return (legs(event)[0].get("Status") for event in events)
