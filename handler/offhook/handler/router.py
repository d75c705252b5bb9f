"""Which function answers which event. A router is itself the Lambda handler."""

from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import TypeAlias, cast

from pydantic import JsonValue

from offhook.handler import events, journal, log
from offhook.handler.errors import MalformedEvent
from offhook.handler.events import Event
from offhook.handler.fallbacks import Answer, Fallbacks, Reply, apologise
from offhook.handler.registration import Registration
from offhook.handler.reply import empty, envelope
from offhook.handler.routes import Route
from offhook.handler.unhandled import report

Around: TypeAlias = Callable[[Event, Answer], Reply]
"""A hook around every event: `(event, answer) -> Reply`, where `answer(event)` goes on."""

Envelope: TypeAlias = dict[str, JsonValue]
"""A reply as it leaves."""

ReplyCheck: TypeAlias = Callable[[Event, Envelope], object]
"""A check of every reply that leaves, whoever made it: it raises to refuse one."""


class Router(Registration):
    """Dispatches each event to the one function that asks for it most closely.

    Its decorators are those of `Registration`.
    """

    def __init__(self, *, fallbacks: Fallbacks | None = None) -> None:
        super().__init__()
        self.fallbacks = fallbacks or Fallbacks()
        self._around: list[Around] = []  # the last filed first: innermost
        self._checks: list[ReplyCheck] = []

    def __call__(self, event: object, _context: object = None) -> dict[str, JsonValue]:
        """Answer an invocation. Never raises; always an object with a SchemaVersion."""
        try:
            parsed = events.parse(event)
        except MalformedEvent as error:
            log.logger.error("this is not an event of the service, so nothing is done: %s", error)
            return empty()
        return self.answer(parsed)

    def answer(self, event: Event) -> dict[str, JsonValue]:
        """The checked envelope for an event: of its handler, or of the fallback."""
        began, failed = perf_counter(), None
        taken: list[Route] = []  # the one that takes the event, once the hooks let it through
        answer: Answer = partial(self._dispatch, taken)
        for hook in self._around:
            answer = _wrapped(hook, answer)
        try:
            reply = self._envelope(answer(event), event)
        except Exception as error:  # a call never drops because of a flow
            failed = error
            reply = self._after_failure(event, error, taken)
        # Whoever hangs up while an action runs is nobody's mistake: the rest is the author's.
        if reply["Actions"] and event.facts.actions != "run" and event.ignores_actions:
            ignored = "the service ignores actions in the answer to this event"
            log.warn(event, ignored, flow=_flow(taken))
        if journal.is_kept():
            journal.note(event, reply, _flow(taken), failed, perf_counter() - began)
        return reply

    def around(self) -> Callable[[Around], Around]:
        """A hook around every event, outermost first: `(event, answer) -> Reply`."""

        def file(hook: Around) -> Around:
            self._around.insert(0, hook)
            return hook

        return file

    def check(self) -> Callable[[ReplyCheck], ReplyCheck]:
        """A check of every reply, also of exception handlers and fallbacks: it raises to refuse.

        It sees the envelope. What it raises is answered like the failure of a handler.
        """

        def file(check: ReplyCheck) -> ReplyCheck:
            self._checks.append(check)
            return check

        return file

    def _envelope(self, reply: Reply, event: Event) -> Envelope:
        leaves = envelope(reply, event)
        for check in self._checks:
            check(event, leaves)
        return leaves

    def _dispatch(self, taken: list[Route], event: Event) -> Reply:
        route = self.routes.find(event)
        if route is not None:
            taken.append(route)
            return route.function(event)
        report(event)
        return self.fallbacks.of(event)(event)

    def _after_failure(
        self, event: Event, error: Exception, taken: list[Route]
    ) -> dict[str, JsonValue]:
        try:
            for handlers in taken[-1].exception_handlers if taken else (self._exceptions,):
                for kind in type(error).__mro__:
                    if handler := handlers.get(kind):
                        return self._envelope(cast("Reply", handler(event, error)), event)
        except Exception as second:
            error = second
        log.fail(event, "a handler failed", error, flow=_flow(taken))
        try:
            return self._envelope(self.fallbacks.handler_failed(event), event)
        except Exception as third:
            log.fail(event, "the fallback handler_failed failed too", third, flow=_flow(taken))
            return envelope(apologise()(event), event)


def _flow(taken: list[Route]) -> str:
    """What has answered, as the log names it."""
    return taken[-1].name if taken else log.FALLBACK


def _wrapped(hook: Around, answer: Answer) -> Answer:
    return lambda event: hook(event, answer)
