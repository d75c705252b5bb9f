"""Somebody starts a call: once, whatever happens."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Self

import pytest
from pydantic import BaseModel

from offhook.emulator.testing import Answers, FarEnd, Rejects, busy
from offhook.handler.calling.call_record import OurCall
from offhook.handler.calling.environment import client
from offhook.handler.calling.ledger import LEASE_SECONDS, SETTLE_SECONDS
from offhook.handler.calling.requests import AskCall
from offhook.handler.calling.service_errors import (
    DOCUMENTED,
    NoAnswer,
    NotConnected,
    sent,
    service_error,
)
from offhook.handler.errors import (
    Busy,
    CallError,
    KeyTaken,
    NoSuchCall,
    NotConfigured,
    Unknown,
    Unsettled,
)
from tests.handler.calling.conftest import OURS, THEIRS, Line, losing_an_answer, said_by_aws
from tests.sampled import sampled

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from types_boto3_chime_sdk_voice.client import ChimeSDKVoiceClient


class Reminder(BaseModel):
    """What a flow is told."""

    name: str


def test_a_call_is_placed_and_its_flow_is_told(line: Line) -> None:
    call = line.starts(arguments_map=Reminder(name="Ada"))
    assert call.transaction_id in line.server.service.calls
    assert line.until("answered").transaction_id == call.transaction_id
    line.hears("answered")
    assert line.told == ["new Ada", "answered"]


def test_the_same_key_is_the_same_call(line: Line) -> None:
    first = line.starts()
    again = line.starts()
    assert again.transaction_id == first.transaction_id
    assert line.placed == 1


def test_ten_programs_at_once_place_one_call(line: Line) -> None:
    def start(_number: int) -> OurCall | CallError:
        try:
            return line.starts()
        except CallError as error:
            return error

    with ThreadPoolExecutor(10) as programs:
        results = list(programs.map(start, range(10)))
    assert line.placed == 1
    placed = {result.transaction_id for result in results if isinstance(result, OurCall)}
    assert placed == {line.starts().transaction_id}
    assert all(isinstance(result, OurCall | Busy | Unsettled) for result in results)


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
        (Rejects(480), "no answer"),
    ],
    ids=("busy", "rejected", "no such number", "no answer"),
)
def test_a_call_that_nobody_takes_tells_why(line: Line, far_end: FarEnd, outcome: str) -> None:
    line.answers_with(far_end)
    line.starts()
    assert line.until("ended").outcome == outcome


def test_the_same_key_after_a_rejected_call_says_how_to_call_again(line: Line) -> None:
    line.answers_with(Rejects(603))
    assert line.starts().advice is None
    line.until("ended")
    again = line.starts()
    assert (again.outcome, line.placed) == ("rejected", 1)
    assert again.advice == "a-1 is never dialled again: another call needs a key of its own"


@pytest.mark.parametrize(
    "name", sampled(sorted(set(DOCUMENTED) - {"NotFoundException", "ServiceFailureException"}))
)
def test_each_documented_error_is_itself(line: Line, name: str) -> None:
    kind = DOCUMENTED[name]
    line.fails(name, times=None)
    expected = kind if kind.is_refusal else Unsettled
    with pytest.raises(expected, match=f"{name}: On purpose") as caught:
        line.starts(patience=3)
    if kind.is_refusal:
        assert caught.value.status == kind.status
        assert f"{name}: On purpose. {kind.advice}" in str(caught.value)
        assert line.caller().outcome(AskCall(key="a-1")).state == (
            "refused" if caught.value.retry_after_seconds is None else "waiting"
        )
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
        line.starts(patience=1)
    line.clock.at += SETTLE_SECONDS + 1
    with pytest.raises(Unknown, match="It is not dialled again"):
        line.starts(patience=1)
    assert line.caller().outcome(AskCall(key="a-1")).state == "unknown"
    assert line.placed == 0


def test_a_lost_answer_is_settled_by_the_call_itself(line: Line) -> None:
    with losing_an_answer(line.voice, "CreateSipMediaApplicationCall"):
        call = line.starts()
    assert call.transaction_id in line.server.service.calls
    assert line.placed == 1


@pytest.mark.parametrize("operation", ["TransactWriteItems", "UpdateItem"])
def test_a_ledger_whose_answer_is_lost_is_asked_again(line: Line, operation: str) -> None:
    with losing_an_answer(line.table, operation):
        assert line.starts().may_be_up
    assert line.placed == 1


def test_a_hang_up_during_somebody_elses_dial_still_frees_its_place(line: Line) -> None:
    refused: list[str] = []

    def conflict(request: "AWSPreparedRequest", **_said: object) -> None:
        if "DELETE #calls" in str(request.body) and len(refused) < 3:
            refused.append(request.url)
            raise line.ledger.table.client.exceptions.TransactionConflictException({}, "a write")

    caller = line.caller(calls_up=1)
    line.starts("one", by=caller)
    line.until("answered", "one")
    line.ledger.table.client.meta.events.register("before-send.dynamodb.UpdateItem", conflict)
    line.ledger.ended(str(line.until("answered", "one").transaction_id), 0)
    assert len(refused) == 3
    assert line.starts("two", by=caller).may_be_up


def test_a_proxy_that_hangs_up_may_have_passed_the_request_on(
    environment: pytest.MonkeyPatch,
) -> None:
    with HangsUp() as proxy:
        environment.setenv("HTTP_PROXY", proxy.url)
        environment.setenv("AWS_ENDPOINT_URL_CHIME_SDK_VOICE", "http://127.0.0.1:9")
        voice = client()
        with pytest.raises(NoAnswer):
            sent(lambda: _create(voice))
        assert proxy.requests == 1


def test_no_connection_is_kept_for_the_next_call(
    line: Line, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("AWS_ENDPOINT_URL_CHIME_SDK_VOICE", line.server.endpoint)
    said: list[str] = []
    voice = client()

    def note(request: "AWSPreparedRequest", **_said: object) -> None:
        said.append(str(request.headers["Connection"]))

    voice.meta.events.register_last("before-send", note)
    with pytest.raises(CallError):
        sent(lambda: _create(voice))
    assert said == ["close"]


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("ThrottledClientException", 429, "ThrottledClientException"),
        ("Throttled", 429, "ThrottledClientException"),
        ("ThrottlingException", 400, "ThrottledClientException"),
        ("TooManyRequestsException", 400, "ThrottledClientException"),
        ("RequestTimeout", 400, "NoAnswer"),
        ("", 408, "NoAnswer"),
        ("NotFound", 404, "NotFoundException"),
        ("ExpiredTokenException", 403, "ForbiddenException"),
        ("Anything", 418, "BadRequestException"),
        ("Anything", 502, "ServiceFailureException"),
    ],
)
def test_what_other_codes_mean(code: str, status: int, kind: str) -> None:
    error = service_error(said_by_aws(code, status))
    assert type(error).__name__ == kind
    assert (error.retry_after_seconds is not None) is (
        error.is_temporary or code == "ExpiredTokenException"
    )


def test_a_call_that_tells_of_itself_late_is_no_longer_unknown(line: Line) -> None:
    line.fails("ServiceUnavailableException")
    with pytest.raises(Unsettled):
        line.starts(patience=1)
    line.clock.at += SETTLE_SECONDS + 1
    assert line.caller().outcome(AskCall(key="a-1")).state == "unknown"
    line.ledger.confirm("a-1", "late")
    assert line.starts().transaction_id == "late"


def test_a_reservation_that_nobody_uses_is_taken_over_once(line: Line) -> None:
    killed = line.ledger.reserve("a-1", "same", line.application)
    with pytest.raises(Busy):
        line.ledger.reserve("a-1", "same", line.application)
    line.clock.at += LEASE_SECONDS + 1
    heir = line.ledger.reserve("a-1", "same", line.application)
    assert not isinstance(killed, OurCall)
    assert not isinstance(heir, OurCall)
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


def _create(voice: "ChimeSDKVoiceClient") -> object:
    return voice.create_sip_media_application_call(
        FromPhoneNumber=OURS, ToPhoneNumber=THEIRS, SipMediaApplicationId="any"
    )


class HangsUp:
    """A server that takes a request, and closes the connection without an answer."""

    def __init__(self) -> None:
        self.requests = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_reason: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                with connection:
                    self.requests += b"POST" in connection.recv(65_536)
