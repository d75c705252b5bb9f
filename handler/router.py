"""Which function answers which event. A router is itself the Lambda handler."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast, overload

from pydantic import JsonValue

from offhook.actions.base import Action
from offhook.handler import events, log, predicates
from offhook.handler.errors import MalformedEvent, RouteClash
from offhook.handler.events import (
    ActionFailed,
    ActionInterrupted,
    ActionSuccessful,
    Event,
)
from offhook.handler.fallbacks import Fallbacks, Reply
from offhook.handler.predicates import Predicate, StateValues, Words
from offhook.handler.reply import EMPTY, envelope
from offhook.handler.routes import Route, RouteTable
from offhook.handler.unhandled import pasteable

if TYPE_CHECKING:
    from offhook.actions.receive_digits import ReceiveDigits

A = TypeVar("A", bound=Action[object])
E = TypeVar("E", bound=Event)
X = TypeVar("X", bound=Exception)

Handler: TypeAlias = Callable[[E], Reply]
Files: TypeAlias = Callable[[Callable[[E], Reply]], Callable[[E], Reply]]
"""A decorator: it files the function and returns it unchanged."""

Around: TypeAlias = Callable[[Event, Callable[[Event], Reply]], Reply]
"""A hook around every event: `(event, answer) -> Reply`, where `answer(event)` goes on."""


class Router:
    """Dispatches each event to the one function that asks for it most closely.

    Every decorator takes predicates: `our_number` (a literal, or a pattern that matches all of
    it), `state` (attributes that must have these values) and `when` (any function of the event);
    those about actions also take the action, its `leg`, `digits` or `error_type`. The function
    with most predicates answers; at equal numbers a literal beats a pattern (and one particular
    action beats its class), then the first registered wins. Two functions with the same
    predicates and equal values are refused when the second is registered.
    """

    def __init__(self, *, fallbacks: Fallbacks | None = None) -> None:
        self.fallbacks = fallbacks or Fallbacks()
        self.routes = RouteTable()
        self._around: list[Around] = []
        self._exceptions: dict[type[Exception], Callable[[Event, Exception], Reply]] = {}
        self._included_in: str | None = None

    def __call__(self, event: object, context: object = None) -> dict[str, JsonValue]:
        """Answer an invocation. Never raises; always an object with a SchemaVersion."""
        try:
            parsed = events.parse(event)
        except MalformedEvent as error:
            log.logger.error("this is not an event of the service, so nothing is done: %s", error)
            return dict(EMPTY)
        return self.answer(parsed)

    def answer(self, event: Event) -> dict[str, JsonValue]:
        """The checked envelope for an event: of its handler, or of the fallback."""
        try:
            answer: Callable[[Event], Reply] = self._dispatch
            for hook in reversed(self._around):
                answer = _wrapped(hook, answer)
            reply = answer(event)
            result = envelope(reply, event)
        except Exception as error:  # a call never drops because of a flow
            return self._after_failure(event, error)
        if event.ignores_actions and result["Actions"]:
            log.warn(event, "the service ignores actions in the answer to this event")
        return result

    def _dispatch(self, event: Event) -> Reply:
        route = self.routes.find(event)
        if route is not None:
            return route.function(event)
        if event.ignores_actions:
            return None
        fallback = self.fallbacks.of(event)
        log.warn(event, f"no function handles this. To handle it, paste:\n\n{pasteable(event)}\n")
        return fallback(event)

    def _after_failure(self, event: Event, error: Exception) -> dict[str, JsonValue]:
        for kind in type(error).__mro__:
            handler = self._exceptions.get(kind)
            if handler is not None:
                try:
                    return envelope(handler(event, error), event)
                except Exception as second:
                    error = second
                break
        log.fail(event, f"{type(error).__name__}: {error}", error)
        if event.ignores_actions:
            return dict(EMPTY)
        try:
            return envelope(self.fallbacks.handler_failed(event), event)
        except Exception as third:
            log.fail(event, f"the fallback handler_failed failed too: {third}", third)
            return envelope(Fallbacks().handler_failed(event), event)

    # --- what can be registered ---------------------------------------------------------------

    def new_inbound_call(
        self,
        *,
        our_number: Words | None = None,
        state: StateValues | None = None,
        when: Callable[[events.NewInboundCall], bool] | None = None,
    ) -> Files[events.NewInboundCall]:
        """Somebody calls one of our numbers."""
        return self._files(events.NewInboundCall, our_number=our_number, state=state, when=when)

    def new_outbound_call(
        self,
        *,
        our_number: Words | None = None,
        state: StateValues | None = None,
        when: Callable[[events.NewOutboundCall], bool] | None = None,
    ) -> Files[events.NewOutboundCall]:
        """A call that we make was accepted. Actions in the answer are ignored, attributes count."""
        return self._files(events.NewOutboundCall, our_number=our_number, state=state, when=when)

    def ringing(
        self,
        *,
        our_number: Words | None = None,
        state: StateValues | None = None,
        when: Callable[[events.Ringing], bool] | None = None,
    ) -> Files[events.Ringing]:
        """Whom we call is being rung. Actions in the answer are ignored."""
        return self._files(events.Ringing, our_number=our_number, state=state, when=when)

    def call_answered(
        self,
        *,
        our_number: Words | None = None,
        state: StateValues | None = None,
        when: Callable[[events.CallAnswered], bool] | None = None,
    ) -> Files[events.CallAnswered]:
        """Whom we call has answered."""
        return self._files(events.CallAnswered, our_number=our_number, state=state, when=when)

    @overload
    def action_successful(
        self,
        *,
        our_number: Words | None = None,
        leg: str | None = None,
        digits: Words | None = None,
        state: StateValues | None = None,
        when: Callable[[ActionSuccessful[Action[object]]], bool] | None = None,
    ) -> Files[ActionSuccessful[Action[object]]]: ...
    @overload
    def action_successful(
        self,
        action: type[A] | A,
        /,
        *,
        our_number: Words | None = None,
        leg: str | None = None,
        digits: Words | None = None,
        state: StateValues | None = None,
        when: Callable[[ActionSuccessful[A]], bool] | None = None,
    ) -> Files[ActionSuccessful[A]]: ...
    def action_successful(
        self,
        action: type[Action[object]] | Action[object] | None = None,
        /,
        *,
        our_number: Words | None = None,
        leg: str | None = None,
        digits: Words | None = None,
        state: StateValues | None = None,
        when: Callable[..., bool] | None = None,
    ) -> Files[ActionSuccessful[Action[object]]]:
        """An action is done: any, of a class, or one particular action."""
        return self._files(
            ActionSuccessful[Action[object]],
            action=action,
            our_number=our_number,
            leg=leg,
            digits=digits,
            state=state,
            when=when,
        )

    @overload
    def action_failed(
        self,
        *,
        our_number: Words | None = None,
        leg: str | None = None,
        error_type: Words | None = None,
        state: StateValues | None = None,
        when: Callable[[ActionFailed[Action[object]]], bool] | None = None,
    ) -> Files[ActionFailed[Action[object]]]: ...
    @overload
    def action_failed(
        self,
        action: type[A] | A,
        /,
        *,
        our_number: Words | None = None,
        leg: str | None = None,
        error_type: Words | None = None,
        state: StateValues | None = None,
        when: Callable[[ActionFailed[A]], bool] | None = None,
    ) -> Files[ActionFailed[A]]: ...
    def action_failed(
        self,
        action: type[Action[object]] | Action[object] | None = None,
        /,
        *,
        our_number: Words | None = None,
        leg: str | None = None,
        error_type: Words | None = None,
        state: StateValues | None = None,
        when: Callable[..., bool] | None = None,
    ) -> Files[ActionFailed[Action[object]]]:
        """An action failed, and the rest of its list was dropped."""
        return self._files(
            ActionFailed[Action[object]],
            action=action,
            our_number=our_number,
            leg=leg,
            error_type=error_type,
            state=state,
            when=when,
        )

    @overload
    def action_interrupted(
        self,
        *,
        our_number: Words | None = None,
        leg: str | None = None,
        state: StateValues | None = None,
        when: Callable[[ActionInterrupted[Action[object]]], bool] | None = None,
    ) -> Files[ActionInterrupted[Action[object]]]: ...
    @overload
    def action_interrupted(
        self,
        action: type[A] | A,
        /,
        *,
        our_number: Words | None = None,
        leg: str | None = None,
        state: StateValues | None = None,
        when: Callable[[ActionInterrupted[A]], bool] | None = None,
    ) -> Files[ActionInterrupted[A]]: ...
    def action_interrupted(
        self,
        action: type[Action[object]] | Action[object] | None = None,
        /,
        *,
        our_number: Words | None = None,
        leg: str | None = None,
        state: StateValues | None = None,
        when: Callable[..., bool] | None = None,
    ) -> Files[ActionInterrupted[Action[object]]]:
        """A call update stopped an action. Actions in the answer are ignored."""
        return self._files(
            ActionInterrupted[Action[object]],
            action=action,
            our_number=our_number,
            leg=leg,
            state=state,
            when=when,
        )

    def digits_received(
        self,
        action: "ReceiveDigits | None" = None,
        /,
        *,
        our_number: Words | None = None,
        leg: str | None = None,
        digits: Words | None = None,
        state: StateValues | None = None,
        when: Callable[[events.DigitsReceived], bool] | None = None,
    ) -> Files[events.DigitsReceived]:
        """What was pressed matches a ReceiveDigits: any, or one particular."""
        return self._files(
            events.DigitsReceived,
            action=action,
            our_number=our_number,
            leg=leg,
            digits=digits,
            state=state,
            when=when,
        )

    def call_update_requested(
        self,
        *,
        our_number: Words | None = None,
        state: StateValues | None = None,
        when: Callable[[events.CallUpdateRequested], bool] | None = None,
    ) -> Files[events.CallUpdateRequested]:
        """UpdateSipMediaApplicationCall was called for this call."""
        return self._files(
            events.CallUpdateRequested, our_number=our_number, state=state, when=when
        )

    def hangup(
        self,
        *,
        our_number: Words | None = None,
        leg: str | None = None,
        state: StateValues | None = None,
        when: Callable[[events.Hangup], bool] | None = None,
    ) -> Files[events.Hangup]:
        """A leg has ended. Actions run only while another is connected."""
        return self._files(
            events.Hangup, our_number=our_number, leg=leg, state=state, when=when
        )

    def invalid_lambda_response(
        self,
        *,
        our_number: Words | None = None,
        error_type: Words | None = None,
        state: StateValues | None = None,
        when: Callable[[events.InvalidLambdaResponse], bool] | None = None,
    ) -> Files[events.InvalidLambdaResponse]:
        """The previous reply could not be used."""
        return self._files(
            events.InvalidLambdaResponse,
            our_number=our_number,
            error_type=error_type,
            state=state,
            when=when,
        )

    def around(self) -> Callable[[Around], Around]:
        """A hook around every event, outermost first: `(event, answer) -> Reply`."""

        def file(hook: Around) -> Around:
            self._around.append(hook)
            return hook

        return file

    def exception(
        self, kind: type[X], /
    ) -> Callable[[Callable[[Event, X], Reply]], Callable[[Event, X], Reply]]:
        """What is answered when a handler raises this exception, or one derived from it."""
        if kind in self._exceptions:
            raise RouteClash(f"two functions answer {kind.__name__}: merge them")

        def file(handler: Callable[[Event, X], Reply]) -> Callable[[Event, X], Reply]:
            self._exceptions[kind] = cast("Callable[[Event, Exception], Reply]", handler)
            return handler

        return file

    def include(
        self,
        other: "Router",
        *,
        our_number: Words | None = None,
        state: StateValues | None = None,
        when: Callable[[Event], bool] | None = None,
    ) -> None:
        """Take over another router's functions, under further predicates. Once, when it is whole.

        Its exception handlers come along; its hooks and fallbacks do not. Raises `RouteClash`.
        """
        more = _predicates(our_number=our_number, state=state, when=when)
        for route in other.routes:
            self.routes.add(route.and_also(more))
        for kind, handler in other._exceptions.items():
            self.exception(kind)(handler)
        other._included_in = repr(self)

    def _files(self, kind: type[E], **wanted: object) -> Files[E]:
        if self._included_in is not None:
            raise RouteClash(
                "this router was included in another one already: register its functions first"
            )
        asked = _predicates(**wanted)

        def file(function: Callable[[E], Reply]) -> Callable[[E], Reply]:
            self.routes.add(Route(kind.TYPE, asked, function))
            return function

        return file


def _predicates(**wanted: object) -> tuple[Predicate, ...]:
    makers = cast("Mapping[str, Callable[[object], Predicate]]", vars(predicates))
    return tuple(
        makers[name](value) for name, value in wanted.items() if value is not None
    )


def _wrapped(hook: Around, answer: Callable[[Event], Reply]) -> Callable[[Event], Reply]:
    return lambda event: hook(event, answer)
