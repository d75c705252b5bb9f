"""One clock that is an hour ahead, or behind, keeps nobody waiting for what only it believes."""

from dataclasses import replace

import pytest

from offhook.handler.calling.call_record import OurCall
from offhook.handler.calling.dialler import Calls
from offhook.handler.calling.ledger import Ledger
from offhook.handler.calling.requests import AskCall, RedirectCall
from offhook.handler.errors import Busy, CallError, DialRefused, Unknown
from tests.handler.calling.conftest import OPEN, TABLE, THEIRS, Line

HOUR = 3600.0

pytestmark = [pytest.mark.thorough, pytest.mark.parametrize("skew", [HOUR, -HOUR])]


def off_by(line: Line, skew: float, **settings: float) -> Calls:
    """Somebody who starts calls by another clock."""
    return Calls(
        line.voice,
        Ledger(line.table, TABLE, now=lambda: line.clock() + skew),
        OPEN,
        application=line.application,
        calls_per_second=settings.get("calls_per_second", 1000),
        updates_per_second=1000,
        sleep=line.clock.sleep,
    )


def test_its_turns_are_not_believed(line: Line, skew: float) -> None:
    wrong, right = off_by(line, skew, calls_per_second=1), line.caller(calls_per_second=1)
    for number in range(3):
        began = line.clock()
        line.starts(f"right-{number}", by=right)
        line.starts(f"wrong-{number}", by=wrong)
        assert line.clock() - began < 3
    assert line.placed == 6


def test_its_reservation_runs_out_like_any_other(line: Line, skew: float) -> None:
    killed = Ledger(line.table, TABLE, now=lambda: line.clock() + skew)
    held = killed.reserve("a-1", "same", line.application)
    heir = line.ledger.reserve("a-1", "same", line.application)
    assert not isinstance(held, OurCall)
    assert not isinstance(heir, OurCall)
    with pytest.raises(Busy, match="another execution has taken over"):
        killed.dial(held, to=THEIRS, caps=(), most_up=10)
    line.ledger.dial(heir, to=THEIRS, caps=(), most_up=10)


def test_its_call_is_not_waited_for_an_hour(line: Line, skew: float) -> None:
    line.fails("ServiceFailureException")
    with pytest.raises(CallError, match="nobody knows"):
        line.starts(by=off_by(line, skew))
    line.clock.at += 61
    assert line.caller().outcome(AskCall(key="a-1")).state == "unknown"


def test_its_redirection_is_not_waited_for_an_hour(line: Line, skew: float) -> None:
    line.starts()
    line.until("answered")
    request = RedirectCall(key="a-1", arguments={"name": "x"}, id="r-1")
    line.fails("ServiceFailureException", operation="Update")
    with pytest.raises(CallError):
        off_by(line, skew).redirect(request)
    line.clock.at += 61
    with pytest.raises(Unknown, match="It is not sent again"):
        line.caller().redirect(request)


def test_nobody_is_rung_more_often_for_it(line: Line, skew: float) -> None:
    line.starts("one", by=off_by(line, skew))
    line.starts("two")
    with pytest.raises(DialRefused, match="2 times in 24 hours") as caught:
        line.starts("three", by=line.caller(replace(OPEN, per_destination=2)))
    assert 0 < (caught.value.retry_after_seconds or 0) <= 24 * HOUR
