"""A call that was started is told something, or is ended."""

from collections.abc import Callable
from functools import partial

import pytest
from pydantic import ValidationError

from offhook.emulator.testing import Leg, LiveCall, Rejects
from offhook.handler.calling.dialler import SENDING_SECONDS
from offhook.handler.calling.ledger import SETTLE_SECONDS
from offhook.handler.calling.requests import AskCall, CancelCall, RedirectCall
from offhook.handler.calling.service_errors import DOCUMENTED, NoAnswer
from offhook.handler.errors import Busy, CallError, DialRefused, NoSuchCall, Unknown, Unsettled
from tests.handler.calling.conftest import OURS, TABLE, THEIRS, Line, losing_an_answer
from tests.patience import until
from tests.sampled import sampled


def test_the_flow_is_told(line: Line) -> None:
    line.starts()
    line.until("answered")
    line.caller().redirect(RedirectCall(key="a-1", arguments={"name": "room 2"}))
    line.hears("update room 2")


def test_the_same_redirection_is_sent_once(line: Line) -> None:
    line.starts()
    line.until("answered")
    once = RedirectCall(key="a-1", arguments={"name": "once"}, id="r-1")
    line.caller().redirect(once)
    line.caller().redirect(once)
    line.caller().redirect(RedirectCall(key="a-1", arguments={"name": "twice"}, id="r-2"))
    line.hears("update twice")
    assert line.told.count("update once") == 1


def test_a_refused_redirection_may_be_asked_for_again(line: Line) -> None:
    line.starts()
    line.until("answered")
    line.fails("BadRequestException", operation="Update")
    request = RedirectCall(key="a-1", arguments={"name": "again"}, id="r-1")
    with pytest.raises(CallError):
        line.caller().redirect(request)
    line.caller().redirect(request)
    line.hears("update again")


def test_a_redirection_whose_turn_never_came_may_be_asked_for_again(line: Line) -> None:
    line.starts()
    line.until("answered")
    busy = line.caller(updates_per_second=0.01)
    busy.redirect(RedirectCall(key="a-1", arguments={"name": "first"}, id="r-1"))
    second = RedirectCall(key="a-1", arguments={"name": "second"}, id="r-2")
    with pytest.raises(Busy):
        busy.redirect(second)
    line.clock.sleep(200)
    busy.redirect(second)
    line.hears("update second")


def test_a_call_that_has_ended_is_no_longer_there(line: Line) -> None:
    line.starts()
    line.until("answered")
    line.hangs_up()
    line.until("ended")
    with pytest.raises(NoSuchCall, match="has ended"):
        line.caller().redirect(RedirectCall(key="a-1", arguments={}))


def test_a_call_whose_end_nobody_told_is_the_services_to_refuse(line: Line) -> None:
    line.starts()
    line.until("answered")
    line.fails("NotFoundException", operation="Update")
    with pytest.raises(DOCUMENTED["NotFoundException"], match="nothing is left to redirect"):
        line.caller().redirect(RedirectCall(key="a-1", arguments={}))


@pytest.mark.parametrize("name", sampled(sorted(set(DOCUMENTED) - {"AccessDeniedException"}), 2))
def test_each_documented_error_of_an_update_is_itself(line: Line, name: str) -> None:
    line.starts()
    line.until("answered")
    line.fails(name, operation="Update", times=None)
    with pytest.raises(DOCUMENTED[name], match=f"{name}: On purpose") as caught:
        line.caller().redirect(RedirectCall(key="a-1", arguments={}))
    assert caught.value.status == DOCUMENTED[name].status


def test_a_key_that_nobody_used_is_no_call(line: Line) -> None:
    for ask in (
        partial(line.caller().redirect, RedirectCall(key="no", arguments={})),
        partial(line.caller().outcome, AskCall(key="no")),
    ):
        with pytest.raises(NoSuchCall, match="no call was started with the key no"):
            ask()


def test_nobody_redirects_a_call_that_may_not_be_there(line: Line) -> None:
    line.fails("ServiceFailureException")
    with pytest.raises(Unsettled):
        line.starts(patience=1)
    with pytest.raises(Unsettled):
        line.caller().redirect(RedirectCall(key="a-1", arguments={}))


def test_a_redirection_whose_answer_was_lost_is_not_sent_again(line: Line) -> None:
    line.starts()
    line.until("answered")
    once = RedirectCall(key="a-1", arguments={"name": "once"}, id="r-1")
    with losing_an_answer(line.voice, "UpdateSipMediaApplicationCall"), pytest.raises(NoAnswer):
        line.caller().redirect(once)
    with pytest.raises(Unsettled, match="another execution is sending this redirection"):
        line.caller().redirect(once)
    line.clock.at += SENDING_SECONDS + 1
    with pytest.raises(Unknown, match="It is not sent again"):
        line.caller().redirect(once)
    line.hears("update once")
    assert line.told.count("update once") == 1


def test_a_note_whose_answer_was_lost_is_still_ones_own(line: Line) -> None:
    line.starts()
    line.until("answered")
    with losing_an_answer(line.table, "UpdateItem"):
        line.caller().redirect(RedirectCall(key="a-1", arguments={"name": "x"}, id="r-1"))
    line.hears("update x")


def test_nobody_redirects_a_call_of_which_nobody_knows(line: Line) -> None:
    line.fails("ServiceFailureException")
    with pytest.raises(Unsettled):
        line.starts(patience=1)
    line.clock.at += SETTLE_SECONDS + 1
    with pytest.raises(Unknown):
        line.caller().redirect(RedirectCall(key="a-1", arguments={}, id="r-1"))


def test_a_call_that_is_cancelled_while_it_waits_is_not_dialled(line: Line) -> None:
    line.fails("ThrottledClientException")

    def cancel(_seconds: float) -> None:
        line.caller().cancel(CancelCall(key="a-1"))

    with pytest.raises(DOCUMENTED["ThrottledClientException"]):
        line.starts(by=line.caller(sleep=cancel))
    assert line.starts().state == "cancelled"
    assert line.placed == 0


@pytest.mark.parametrize(("number", "error"), [(THEIRS, DialRefused), ("", Busy)])
def test_a_call_that_is_stopped_while_it_waits_is_not_dialled(
    line: Line, number: str, error: type[CallError]
) -> None:
    line.fails("ThrottledClientException")
    ledger = line.ledger

    def stop(_seconds: float) -> None:
        ledger.stop(number)

    with pytest.raises(DOCUMENTED["ThrottledClientException"]):
        line.starts(by=line.caller(sleep=stop))
    with pytest.raises(error):
        line.starts()
    assert line.placed == 0
    ledger.go(number)
    assert line.starts().state in ("accepted", "confirmed", "answered")


def test_nobody_ends_a_call_by_redirecting_it() -> None:
    with pytest.raises(ValidationError, match="to end a call, cancel it"):
        RedirectCall(key="a-1", arguments={"offhook": "cancel"})


def test_a_call_that_was_not_dialled_yet_never_is(line: Line) -> None:
    line.fails("BadRequestException")
    with pytest.raises(CallError):
        line.starts()
    assert line.caller().cancel(CancelCall(key="a-1")).state == "cancelled"
    assert line.starts().state == "cancelled"
    assert line.placed == 0
    with pytest.raises(NoSuchCall, match="never dialled: it is cancelled"):
        line.caller().redirect(RedirectCall(key="a-1", arguments={}))


def test_a_cancellation_that_overtakes_its_start_wins(line: Line) -> None:
    assert line.caller().cancel(CancelCall(key="a-1")).outcome == "cancelled before it was started"
    for _ in range(2):
        call = line.starts()
        assert (call.state, call.outcome) == ("cancelled", "cancelled before it was started")
    assert line.caller().outcome(AskCall(key="a-1")).is_cancelled
    assert line.caller().cancel(CancelCall(key="a-1")).state == "cancelled"
    with pytest.raises(NoSuchCall, match="never dialled: it is cancelled"):
        line.caller().redirect(RedirectCall(key="a-1", arguments={}))
    assert line.placed == 0


def test_it_is_remembered_for_as_long_as_a_call(line: Line) -> None:
    line.caller().cancel(CancelCall(key="a-1"))
    line.starts("a-2")
    items = line.table.scan(TableName=TABLE)["Items"]
    until = {item["pk"].get("S"): item.get("expires_at") for item in items}
    assert until["call#a-1"] == until["call#a-2"]


def test_a_call_that_is_placed_in_spite_of_it_is_hung_up(line: Line) -> None:
    line.caller().cancel(CancelCall(key="a-1"))
    line.voice.create_sip_media_application_call(
        FromPhoneNumber=OURS,
        ToPhoneNumber=THEIRS,
        SipMediaApplicationId=line.application,
        ArgumentsMap={"offhook": " a-1"},  # as a program sends it that has no ledger
    )
    assert line.until("ended").outcome == "cancelled"
    assert "answered" not in line.told


class Hesitates:
    """Somebody who answers when the story says so."""

    def __init__(self) -> None:
        self.answers: list[Callable[[], object]] = []

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """Let it ring."""

        def answers() -> object:
            return leg.loop.call_soon_threadsafe(call.answered, leg)

        self.answers.append(answers)


def test_a_call_that_rings_ends_when_somebody_answers(line: Line) -> None:
    somebody = Hesitates()
    line.answers_with(somebody)
    line.starts()
    assert line.caller().cancel(CancelCall(key="a-1")).is_cancelled
    (answers,) = until(lambda: somebody.answers)
    answers()
    assert line.until("ended").outcome == "cancelled"
    assert "answered" not in line.told


def test_a_conversation_is_ended(line: Line) -> None:
    line.starts()
    line.until("answered")
    line.caller().cancel(CancelCall(key="a-1"))
    assert line.until("ended").outcome == "cancelled"


def test_cancelling_what_is_over_changes_nothing(line: Line) -> None:
    line.answers_with(Rejects(480))
    line.starts()
    line.until("ended")
    assert line.caller().cancel(CancelCall(key="a-1")).outcome == "no answer"
    assert line.caller().outcome(AskCall(key="a-1")).outcome == "no answer"
