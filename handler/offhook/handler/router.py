"""Which function answers which event. A router is itself the Lambda handler."""

from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import TypeAlias, TypeVar, cast

from pydantic import JsonValue

from offhook.handler import events, journal, log
from offhook.handler.errors import OutOfPatience, ReplyRefused
from offhook.handler.events import Event
from offhook.handler.fallbacks import Answer, Fallbacks, Reply, apologise, last_reply
from offhook.handler.registration import Registration, called
from offhook.handler.reply import envelope
from offhook.handler.routes import Route
from offhook.handler.unhandled import report

T = TypeVar("T")

Around: TypeAlias = Callable[[Event, Answer], Reply]
"""A hook around every event: `(event, answer) -> Reply`, where `answer(event)` goes on."""

Envelope: TypeAlias = dict[str, JsonValue]
"""A reply as it leaves."""

ReplyCheck: TypeAlias = Callable[[Event, Envelope], object]
"""A check of every reply that leaves, whoever made it: it raises to refuse one."""

_APOLOGISE = apologise()


class Router(Registration):
    """Dispatches each event to the one function that asks for it most closely.

    Its decorators are those of `Registration`. With `patience_seconds`, a flow that has not
    answered after so long is interrupted and answered like a failure. Lambda's remaining time
    bounds that; what answers the failure gets as long again.
    """

    def __init__(
        self, *, fallbacks: Fallbacks | None = None, patience_seconds: float | None = None
    ) -> None:
        super().__init__()
        if not (patience_seconds or 0) >= 0:
            raise ValueError(f"patience_seconds is {patience_seconds}: write seconds, above 0")
        self.patience_seconds = patience_seconds
        self.fallbacks = fallbacks or Fallbacks()
        self._around: list[Around] = []
        self._checks: list[ReplyCheck] = []

    def __call__(self, event: object, context: object = None) -> Envelope:
        """Answer an invocation: always an object with a SchemaVersion, which Lambda can encode.

        It raises nothing, but for the KeyboardInterrupt of somebody who ends the program.
        """
        try:
            return self.answer(events.parse(event), context)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # our own, or of what we stand on
            log.last_line(error)
            return last_reply()

    def answer(self, event: Event, context: object = None) -> Envelope:
        """The checked envelope for an event: of its handler, or of the fallback."""
        began = perf_counter()
        taken: list[Route] = []  # the one that takes the event, once the hooks let it through
        answer: Answer = partial(self._dispatch, taken)
        for hook in reversed(self._around):
            answer = _wrapped(hook, answer)
        if event.flaw is not None:
            log.warn(event, f"not as the service sends it: {event.flaw}")
            if not (event.invocation_event_type and event.transaction_id and event.participants):
                answer = self.fallbacks.of(event)  # no flow is asked about nobody's call
        reply = self._tried(answer, event, context)
        if isinstance(reply, BaseException):
            reply = self._after_failure(reply, event, context, taken)
        # Whoever hangs up while an action runs is nobody's mistake: the rest is the author's.
        if reply["Actions"] and event.facts.actions != "run" and event.ignores_actions:
            ignored = "the service ignores actions in the answer to this event"
            log.warn(event, ignored, flow=_flow(taken))
        if journal.is_kept():
            journal.note(event, reply, _flow(taken), perf_counter() - began)
        return reply

    @called
    def around(self) -> Callable[[Around], Around]:
        """A hook around every event, outermost first: `(event, answer) -> Reply`."""
        return partial(_filed, self._around)

    @called
    def check(self) -> Callable[[ReplyCheck], ReplyCheck]:
        """A check of every reply, also of exception handlers and fallbacks: it raises to refuse.

        It sees the envelope. What it raises is answered like the failure of a handler.
        """
        return partial(_filed, self._checks)

    def _tried(self, answer: Answer, event: Event, context: object) -> Envelope | BaseException:
        """The checked envelope of an answer, or why there is none: no flow drops a call."""
        try:
            if self.patience_seconds:
                from offhook.handler.patience import within

                reply = within(self.patience_seconds, context, answer, event)
            else:
                reply = answer(event)
            leaves = envelope(reply, event, self.routes.asked)
            if self._checks and answer is not _APOLOGISE:  # they may be what fails
                for check in self._checks:
                    check(event, leaves)
            return leaves
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return error

    def _after_failure(
        self, error: BaseException, event: Event, context: object, taken: list[Route]
    ) -> Envelope:
        """What the author says to it, else the fallback, else the apology, else a constant."""
        flow, kinds = _flow(taken), type(error).__mro__
        answers = [
            ("the fallback handler_failed failed too", self.fallbacks.handler_failed),
            ("the apology failed too", _APOLOGISE),
        ]
        nearest = taken[-1].exception_handlers if taken else (self._exceptions,)
        handler = next((one[kind] for one in nearest for kind in kinds if kind in one), None)
        if handler is not None:
            excused = cast("Callable[[Event, BaseException], Reply]", handler)
            answers.insert(0, ("an exception handler failed", lambda event: excused(event, error)))
        if handler is None or isinstance(error, OutOfPatience):  # who else can say where it hung?
            told = "a handler failed"
            if taken and isinstance(error, ReplyRefused):  # how we found out says nothing
                told = f"the reply of {taken[-1].where} is refused"
                error.with_traceback(None)
            log.fail(event, told, error, flow=flow)
        for failed, answer in answers:
            reply = self._tried(answer, event, context)
            if not isinstance(reply, BaseException):
                return reply
            log.fail(event, failed, reply, error, flow=flow)
        return last_reply(event.schema_version)

    def _dispatch(self, taken: list[Route], event: Event) -> Reply:
        route = self.routes.find(event)
        if route is not None:
            taken.append(route)
            return route.function(event)
        report(event, self.routes)
        return self.fallbacks.of(event)(event)


def _flow(taken: list[Route]) -> str:
    """What has answered, as the log names it."""
    return taken[-1].name if taken else log.FALLBACK


def _filed(filed: list[T], one: T) -> T:
    filed.append(one)
    return one


def _wrapped(hook: Around, answer: Answer) -> Answer:
    return lambda event: hook(event, answer)
