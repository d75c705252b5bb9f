"""How functions are filed: the decorators of a router, one for each event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from types import FunctionType
from typing import TypeAlias, Unpack, cast

from typing_extensions import TypeVar  # with a default: of any action, where none is named

from offhook.actions.base import Action
from offhook.handler import events, predicates
from offhook.handler.action_events import Listening
from offhook.handler.conditions import (
    Conditions,
    DigitsConditions,
    E,
    ErrorConditions,
    FailureConditions,
    LegConditions,
)
from offhook.handler.errors import RouteClash
from offhook.handler.event import Event
from offhook.handler.event_types import EVENT_TYPES
from offhook.handler.events import ActionFailed, ActionSuccessful, CallAnswered, DigitsReceived
from offhook.handler.fallbacks import Reply
from offhook.handler.predicates import Predicate
from offhook.handler.routes import Route, RouteTable, clash

A = TypeVar("A", bound=Action[object], default=Action[object])
D = TypeVar("D", bound=Callable[..., object])
X = TypeVar("X", bound=Exception)

Files: TypeAlias = Callable[[Callable[[E], Reply]], Callable[[E], Reply]]
"""A decorator: it files the function and returns it unchanged."""

ExceptionHandler: TypeAlias = Callable[[Event, X], Reply]

Of: TypeAlias = type[A] | A | None
"""What an event is about: an action of a class, one particular action, any."""


class Registration:
    """The decorators. Each takes the keywords of its `conditions`; all of them must hold.

    The function with most of them answers. At equal numbers a literal beats a pattern, one
    particular action its class, and the action that says more the one that says less; then the
    first registered wins. Two functions with the same conditions are refused when the second is
    registered.
    """

    def __init__(self) -> None:
        self.routes = RouteTable()
        self._exceptions: dict[type[Exception], Callable[..., Reply]] = {}
        self._is_included = False

    def new_inbound_call(
        self, **asked: Unpack[Conditions[events.NewInboundCall]]
    ) -> Files[events.NewInboundCall]:
        """Somebody calls one of our numbers."""
        return self._files(events.NewInboundCall, Conditions.__optional_keys__, asked)

    def new_outbound_call(
        self, **asked: Unpack[Conditions[events.NewOutboundCall]]
    ) -> Files[events.NewOutboundCall]:
        """A call that we make was accepted. Actions in the answer are ignored, attributes count."""
        return self._files(events.NewOutboundCall, Conditions.__optional_keys__, asked)

    def ringing(self, **asked: Unpack[Conditions[events.Ringing]]) -> Files[events.Ringing]:
        """Whom we call is being rung. Actions in the answer are ignored."""
        return self._files(events.Ringing, Conditions.__optional_keys__, asked)

    def call_answered(self, **asked: Unpack[Conditions[CallAnswered]]) -> Files[CallAnswered]:
        """Whom we call has answered."""
        return self._files(CallAnswered, Conditions.__optional_keys__, asked)

    def action_successful(
        self, action: Of[A] = None, /, **asked: Unpack[DigitsConditions[ActionSuccessful[A]]]
    ) -> Files[ActionSuccessful[A]]:
        """An action is done: any, of a class, or one particular action."""
        return self._files(ActionSuccessful[A], DigitsConditions.__optional_keys__, asked, action)

    def action_failed(
        self, action: Of[A] = None, /, **asked: Unpack[FailureConditions[ActionFailed[A]]]
    ) -> Files[ActionFailed[A]]:
        """An action failed, and the rest of its list was dropped."""
        return self._files(ActionFailed[A], FailureConditions.__optional_keys__, asked, action)

    def action_interrupted(
        self, action: Of[A] = None, /, **asked: Unpack[LegConditions[events.ActionInterrupted[A]]]
    ) -> Files[events.ActionInterrupted[A]]:
        """A call update stopped an action. Actions in the answer are ignored."""
        return self._files(
            events.ActionInterrupted[A], LegConditions.__optional_keys__, asked, action
        )

    def digits_received(
        self, action: Listening | None = None, /, **asked: Unpack[DigitsConditions[DigitsReceived]]
    ) -> Files[DigitsReceived]:
        """What was pressed matches a ReceiveDigits: any, or one particular."""
        return self._files(DigitsReceived, DigitsConditions.__optional_keys__, asked, action)

    def call_update_requested(
        self, **asked: Unpack[Conditions[events.CallUpdateRequested]]
    ) -> Files[events.CallUpdateRequested]:
        """UpdateSipMediaApplicationCall was called for this call."""
        return self._files(events.CallUpdateRequested, Conditions.__optional_keys__, asked)

    def hangup(self, **asked: Unpack[LegConditions[events.Hangup]]) -> Files[events.Hangup]:
        """A leg has ended. Actions run only while another is connected."""
        return self._files(events.Hangup, LegConditions.__optional_keys__, asked)

    def invalid_lambda_response(
        self, **asked: Unpack[ErrorConditions[events.InvalidLambdaResponse]]
    ) -> Files[events.InvalidLambdaResponse]:
        """The previous reply could not be used."""
        return self._files(events.InvalidLambdaResponse, ErrorConditions.__optional_keys__, asked)

    def exception(self, kind: type[X], /) -> Callable[[ExceptionHandler[X]], ExceptionHandler[X]]:
        """What is answered when a function of this router raises this exception, or one derived
        from it. What a router that was included does not answer, the one that includes it may."""

        def file(handler: ExceptionHandler[X]) -> ExceptionHandler[X]:
            self._must_be_open()
            if (other := self._exceptions.setdefault(kind, handler)) is not handler:
                raise clash(kind.__name__, other, handler)
            return handler

        return file

    def include(self, other: Registration, **asked: Unpack[Conditions[Event]]) -> None:
        """Take over what another router has filed so far, under further conditions.

        Its exception handlers come along for its own functions, before those that are filed here;
        its hooks and fallbacks do not. From then on nothing more can be filed there. Raises
        `RouteClash`.
        """
        self._must_be_open()
        if not isinstance(cast(object, other), Registration):
            raise TypeError(f"include takes a router, as in include(flow.router), not {other!r}")
        more = _predicates("include", Conditions.__optional_keys__, asked)
        for route in other.routes:
            self.routes.add(route.included(more, self._exceptions))
        other._is_included = True

    def _files(
        self, kind: type[E], keywords: Iterable[str], asked: Mapping[str, object], of: object = None
    ) -> Files[E]:
        wanted = _predicates(kind.TYPE.lower(), keywords, asked)
        if of is not None:
            wanted = (predicates.make("action", of), *wanted)

        def file(function: Callable[[E], Reply]) -> Callable[[E], Reply]:
            self._must_be_open()
            self.routes.add(Route(kind.TYPE, wanted, function, (self._exceptions,)))
            return function

        return file

    def _must_be_open(self) -> None:
        if self._is_included:
            raise RouteClash("this router is included in another one: file its functions first")


def called(decorator: D) -> D:
    """The decorator, which says so where it is written without parentheses."""

    @wraps(decorator)
    def checked(self: object, *given: object, **asked: object) -> object:
        if not any(isinstance(one, (FunctionType, str)) for one in given):
            return decorator(self, *given, **asked)
        name = f"@{type(self).__name__.lower()}.{decorator.__name__}"
        raise TypeError(f"{name} has parentheses, conditions by name: {name}()")

    return cast(D, checked)


for _name, _decorator in [*vars(Registration).items()]:
    if _name.upper() in EVENT_TYPES or _name == "exception":
        setattr(Registration, _name, called(_decorator))


def _predicates(
    name: str, keywords: Iterable[str], asked: Mapping[str, object]
) -> tuple[Predicate, ...]:
    if unknown := asked.keys() - set(keywords):
        raise TypeError(
            f"{name} takes {', '.join(sorted(keywords))}, not {', '.join(sorted(unknown))}"
        )
    return tuple(predicates.make(keyword, value) for keyword, value in asked.items())
