"""A flow that hangs is interrupted where it hangs, and answered like a failure."""

import asyncio
import signal
import threading
import time
from collections.abc import Callable

import pytest

from offhook.actions import Hangup
from offhook.handler import Event, Fallbacks, Reply, Router, patience
from offhook.handler.errors import OutOfPatience
from offhook.handler.fallbacks import APOLOGY
from tests.handler.answers import Logged, Metrics, heard, saying
from tests.handler.payloads import payload

CALL = "call_answered/minimal"
SOON = 0.01


def hangs(_event: Event) -> Reply:
    """A flow that waits for somebody who never comes."""
    threading.Event().wait()
    return None


def hangs_in_asyncio(_event: Event) -> Reply:
    """The same, on a loop of its own."""
    asyncio.run(asyncio.sleep(3600))
    return None


def tries_again(_event: Event) -> Reply:
    """A flow that counts on errors to pass."""
    while True:
        try:
            time.sleep(3600)
        except Exception:
            continue


def swallows(event: Event) -> Reply:
    """A flow that takes the first alarm for something else."""
    try:
        hangs(event)
    except BaseException:
        hangs(event)
    return None


@pytest.mark.parametrize("flow", [hangs, hangs_in_asyncio, tries_again, swallows])
def test_a_flow_that_hangs_is_answered_like_a_failure_and_the_log_says_where_it_was(
    flow: Callable[[Event], Reply],
    logged: Logged,
    metrics: Metrics,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "AGAIN_SECONDS", 0.25)  # longer than answering takes under load
    router = Router(patience_seconds=SOON)
    router.call_answered()(flow)
    assert APOLOGY in str(router(payload(CALL)))
    (line,) = logged("ERROR")
    assert "OutOfPatience" in line
    assert f"in {flow.__name__}" in line
    assert "test_patience.py" in line
    (counted,) = metrics()
    assert counted["HandlerErrors"] == 1


def test_the_author_may_answer_it_and_the_log_still_says_where_it_was(
    logged: Logged, metrics: Metrics
) -> None:
    router = Router(patience_seconds=SOON)
    router.call_answered()(hangs)
    router.exception(OutOfPatience)(lambda event, _error: saying("One moment.")(event))
    assert heard(router, payload(CALL)) == "One moment."
    assert "in hangs" in logged("ERROR")[0]
    (counted,) = metrics()
    assert counted["HandlerErrors"] == 1


def test_what_answers_the_failure_gets_time_of_its_own_and_is_interrupted_too(
    logged: Logged,
) -> None:
    router = Router(patience_seconds=SOON, fallbacks=Fallbacks(handler_failed=hangs))
    router.call_answered()(hangs)
    router.exception(OutOfPatience)(lambda event, _error: hangs(event))
    assert APOLOGY in str(router(payload(CALL)))
    assert len(logged("ERROR")) == 3


def test_a_flow_that_answers_in_time_is_not_touched_and_no_alarm_is_left() -> None:
    router = Router(patience_seconds=30)
    router.call_answered()(saying("Hello."))
    assert heard(router, payload(CALL)) == "Hello."
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


class Context:
    """What Lambda says of an invocation."""

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        """Until Lambda stops it."""
        return self.milliseconds


@pytest.mark.parametrize("milliseconds", [20, 0, -5])
def test_lambdas_remaining_time_bounds_it(milliseconds: int, logged: Logged) -> None:
    router = Router(patience_seconds=3600)
    router.call_answered()(hangs)
    reply = router(payload(CALL), Context(milliseconds))
    assert APOLOGY in str(reply)
    assert "OutOfPatience" in logged("ERROR")[0]


def test_in_another_thread_it_goes_on_without_and_says_so_once(
    logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "SAID", [])
    router = Router(patience_seconds=SOON)

    @router.call_answered()
    def slow(_event: Event) -> Reply:
        time.sleep(5 * SOON)
        return Hangup()

    replies: list[object] = []
    for _ in range(2):
        thread = threading.Thread(target=lambda: replies.append(router(payload(CALL))))
        thread.start()
        thread.join()
    assert "Speak" not in str(replies)
    (line,) = logged("WARNING")
    assert "main thread" in line


def test_without_alarms_it_goes_on_without(logged: Logged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "SAID", [])
    monkeypatch.delattr(signal, "SIGALRM")
    router = Router(patience_seconds=SOON)
    router.call_answered()(saying("Hello."))
    assert heard(router, payload(CALL)) == "Hello."
    assert "SIGALRM" in logged("WARNING")[0]


def test_an_alarm_of_somebody_else_interrupts_nobody() -> None:
    router = Router(patience_seconds=30)
    router.call_answered()(saying("Hello."))
    heard(router, payload(CALL))
    signal.raise_signal(signal.SIGALRM)


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), "4"])
def test_patience_that_is_none_is_a_mistake_where_it_is_written(seconds: float) -> None:
    with pytest.raises((ValueError, TypeError)):
        Router(patience_seconds=seconds)
