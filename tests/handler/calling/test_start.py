"""Somebody starts a call: once, whatever happens."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import BaseModel

from offhook.emulator.far_ends import Answers, FarEnd, NeverAnswers, Rejects, busy
from offhook.handler.call_record import Call
from offhook.handler.errors import (
    Busy,
    CallError,
    KeyTaken,
    NoSuchCall,
    NotConfigured,
    Unknown,
    Unsettled,
)
from offhook.handler.ledger import LEASE_SECONDS, SETTLE_SECONDS
from offhook.handler.requests import AskCall
from offhook.handler.service_errors import DOCUMENTED, NotConnected
from tests.handler.calling.conftest import THEIRS, Line


class Reminder(BaseModel):
    """What a flow is told."""

    name: str


def test_a_call_is_placed_and_its_flow_is_told(line: Line) -> None:
    call = line.starts(arguments_map=Reminder(name="Ada"))
    assert call.transaction_id in line.server.exchange.service.calls
    assert line.until("answered").transaction_id == call.transaction_id
    line.hears("answered")
    assert line.told == ["new Ada", "answered"]


def test_the_same_key_is_the_same_call(line: Line) -> None:
    first = line.starts()
    again = line.starts()
    assert again.transaction_id == first.transaction_id
    assert line.placed == 1


def test_ten_programs_at_once_place_one_call(line: Line) -> None:
    def start(_number: int) -> Call | CallError:
        try:
            return line.starts()
        except CallError as error:
            return error

    with ThreadPoolExecutor(10) as programs:
        results = list(programs.map(start, range(10)))
    assert line.placed == 1
    placed = {result.transaction_id for result in results if isinstance(result, Call)}
    assert placed == {line.starts().transaction_id}
    assert all(isinstance(result, Call | Busy | Unsettled) for result in results)


def test_a_key_belongs_to_one_call(line: Line) -> None:
    line.starts()
    with pytest.raises(KeyTaken, match="a new call needs a key of its own"):
        line.starts(to_phone_number="+15550100177")
    assert line.placed == 1


def test_a_busy_line_can_be_called_under_another_key(line: Line) -> None:
    line.answers_with(busy())
    line.starts()
    assert line.until("ended").outcome == "busy"
    line.answers_with(Answers(after=0.01))
    line.starts("a-2")
    assert line.until("answered", "a-2").outcome == "answered"


@pytest.mark.parametrize(
    ("far_end", "outcome"),
    [
        (busy(), "busy"),
        (Rejects(603), "rejected"),
        (Rejects(404), "not answered"),
        (NeverAnswers(), "no answer"),
    ],
    ids=("busy", "rejected", "no such number", "no answer"),
)
def test_a_call_that_nobody_takes_tells_why(line: Line, far_end: FarEnd, outcome: str) -> None:
    line.answers_with(far_end)
    line.starts()
    assert line.until("ended").outcome == outcome


@pytest.mark.parametrize(
    "name", sorted(set(DOCUMENTED) - {"NotFoundException", "ServiceFailureException"})
)
def test_each_documented_error_is_itself(line: Line, name: str) -> None:
    kind = DOCUMENTED[name]
    line.fails(name, times=None)
    expected = kind if kind.is_refusal else Unsettled
    with pytest.raises(expected, match=f"{name}: On purpose") as caught:
        line.starts()
    if kind.is_refusal:
        assert caught.value.status == kind.status
        assert kind.advice in str(caught.value)
        assert line.caller().outcome(AskCall(key="a-1")).state == "refused"
    assert line.placed == 0


def test_what_was_surely_refused_may_be_asked_for_again(line: Line) -> None:
    line.fails("BadRequestException")
    with pytest.raises(CallError):
        line.starts()
    assert line.starts().may_be_up
    assert line.placed == 1


def test_a_throttled_request_waits_and_tries_again(line: Line) -> None:
    line.fails("ThrottledClientException", times=2)
    assert line.starts().may_be_up
    assert line.placed == 1
    pauses = [slept for slept in line.clock.slept if slept >= 0.5]
    assert len(pauses) >= 2


def test_a_service_that_cannot_be_reached_was_not_asked(line: Line) -> None:
    line.voice.meta.events.register("before-send", _refuse_connection)
    with pytest.raises(NotConnected):
        line.starts()
    line.voice.meta.events.unregister("before-send", _refuse_connection)
    assert line.starts().may_be_up


def test_a_failure_of_the_service_is_never_dialled_over(line: Line) -> None:
    line.fails("ServiceFailureException")
    with pytest.raises(Unsettled, match="ask again with the same key"):
        line.starts()
    with pytest.raises(Unsettled):
        line.starts()
    line.clock.at += SETTLE_SECONDS
    with pytest.raises(Unknown, match="It is not dialled again"):
        line.starts()
    assert line.caller().outcome(AskCall(key="a-1")).state == "unknown"
    assert line.placed == 0


def test_a_lost_answer_is_settled_by_the_call_itself(line: Line) -> None:
    lose = _Loses()
    line.voice.meta.events.register("before-parse", lose)
    call = line.starts()
    line.voice.meta.events.unregister("before-parse", lose)
    assert lose.lost == 1
    assert call.transaction_id in line.server.exchange.service.calls
    assert line.placed == 1


def test_a_call_that_tells_of_itself_late_is_no_longer_unknown(line: Line) -> None:
    line.fails("ServiceUnavailableException")
    with pytest.raises(Unsettled):
        line.starts()
    line.clock.at += SETTLE_SECONDS
    assert line.caller().outcome(AskCall(key="a-1")).state == "unknown"
    line.ledger.confirm("a-1", "late")
    assert line.starts().transaction_id == "late"


def test_a_reservation_that_nobody_uses_is_taken_over_once(line: Line) -> None:
    killed = line.ledger.reserve("a-1", "same", line.application)
    with pytest.raises(Busy):
        line.ledger.reserve("a-1", "same", line.application)
    line.clock.at += LEASE_SECONDS + 1
    heir = line.ledger.reserve("a-1", "same", line.application)
    assert not isinstance(killed, Call)
    assert not isinstance(heir, Call)
    with pytest.raises(Busy, match="another execution has taken over"):
        line.ledger.dial(killed, to=THEIRS, caps=(), most_up=10)
    line.ledger.dial(heir, to=THEIRS, caps=(), most_up=10)


def test_without_an_application_nothing_is_reserved(line: Line) -> None:
    line.application = ""
    with pytest.raises(NotConfigured, match="OFFHOOK_SIP_MEDIA_APPLICATION_ID"):
        line.starts()
    with pytest.raises(NoSuchCall):
        line.caller().outcome(AskCall(key="a-1"))


def test_the_outcome_of_a_conversation_is_completed(line: Line) -> None:
    line.starts()
    line.until("answered")
    line.hangs_up()
    call = line.until("ended")
    assert call.outcome == "completed"
    assert call.dialled_at is not None
    assert call.answered_at is not None


def _refuse_connection(**_kwargs: object) -> None:
    from botocore.exceptions import EndpointConnectionError

    raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")


class _Loses:
    """Loses the first answer on its way."""

    def __init__(self) -> None:
        self.lost = 0

    def __call__(self, **_kwargs: object) -> None:
        if not self.lost:
            self.lost += 1
            raise ConnectionResetError("the answer is lost")
