"""The two operations on calls, as boto3 sees them."""

import re
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError
from types_boto3_chime_sdk_voice import ChimeSDKVoiceClient

from offhook.actions import Pause, Speak
from offhook.emulator.server.listening import Server
from offhook.emulator.testing import busy
from tests.emulator.functions import action_data, in_turn, parameters
from tests.emulator.server.calls import rings_somebody, told
from tests.emulator.server.conftest import OURS, THEIRS, Serves, application, client
from tests.patience import until


def status(error: ClientError) -> int | None:
    """The HTTP status of a failure."""
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")


JSON = {"Content-Type": "application/json"}
OUTBOUND = ("NEW_OUTBOUND_CALL", "RINGING", "CALL_ANSWERED")


def test_a_call_is_made_and_its_function_is_told_what_it_is_for(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    call = rings_somebody(server, voice, Order="17")
    until(lambda: told(call, *OUTBOUND))
    assert action_data(call.told.events[0]) == {
        "Type": "CallCreateRequest",
        "Parameters": {"Arguments": {"Order": "17"}},
    }


def test_the_answer_is_201_with_the_transaction_id(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    made = voice.create_sip_media_application_call(
        FromPhoneNumber=OURS, ToPhoneNumber=THEIRS, SipMediaApplicationId=application(server)
    )
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert re.fullmatch(r"[0-9a-f-]{36}", made["ResponseMetadata"]["RequestId"])
    (transaction_id,) = server.service.calls
    assert made["SipMediaApplicationCall"] == {"TransactionId": transaction_id}


def test_whoever_is_busy_is_told_as_a_hangup(server: Server, voice: ChimeSDKVoiceClient) -> None:
    server.service.far_ends[THEIRS] = busy()
    call = rings_somebody(server, voice)
    until(lambda: told(call, "NEW_OUTBOUND_CALL", "RINGING", "HANGUP"))
    assert parameters(call.told.events[-1])["SipResponseCode"] == 486


def test_an_update_interrupts_what_is_playing(serves: Serves) -> None:
    playing = [Speak(text="Please hold the line. " * 20)]
    update = [Pause(duration_in_milliseconds=30_000)]
    server = serves(in_turn([], [], playing, update))
    voice = client(server)
    call = rings_somebody(server, voice)
    until(lambda: bool(call.legs[0].prompts))
    updated = voice.update_sip_media_application_call(
        SipMediaApplicationId=application(server),
        TransactionId=call.transaction_id,
        Arguments={"Say": "something else"},
    )
    assert updated["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert updated["SipMediaApplicationCall"].get("TransactionId") in server.service.calls
    until(lambda: told(call, *OUTBOUND, "CALL_UPDATE_REQUESTED", "ACTION_INTERRUPTED"))
    asked = action_data(call.told.events[3])
    assert asked["Parameters"] == {"Arguments": {"Say": "something else"}}
    assert call.legs[0].prompts[0].was_cut


def test_the_plus_of_a_number_may_be_left_out(server: Server, voice: ChimeSDKVoiceClient) -> None:
    voice.create_sip_media_application_call(
        FromPhoneNumber=OURS.lstrip("+"),
        ToPhoneNumber=THEIRS.lstrip("+"),
        SipMediaApplicationId=application(server),
    )
    (call,) = server.service.calls.values()
    assert (call.legs[0].from_, call.legs[0].to) == (OURS, THEIRS)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"FromPhoneNumber": "+15550109999"}, "not in the account's inventory. There are: +1555"),
        ({"ToPhoneNumber": "nobody"}, "Value 'nobody' at 'ToPhoneNumber' failed to satisfy"),
        ({"SipMediaApplicationId": "nothing"}, "There is no SIP media application 'nothing'"),
        ({"ArgumentsMap": {str(n): "" for n in range(21)}}, "have length less than or equal to 20"),
        ({"SipHeaders": {"From": "me"}}, "SipHeaders: From cannot be set: names begin with X-"),
        ({"SipHeaders": {"X-Amzn-Trace": "me"}}, "are the service's own"),
    ],
)
def test_what_is_wrong_with_a_call_is_said(
    server: Server, voice: ChimeSDKVoiceClient, wrong: dict[str, Any], says: str
) -> None:
    asked: dict[str, Any] = {
        "FromPhoneNumber": OURS,
        "ToPhoneNumber": THEIRS,
        "SipMediaApplicationId": application(server),
    }
    with pytest.raises(voice.exceptions.BadRequestException, match=re.escape(says)):
        voice.create_sip_media_application_call(**(asked | wrong))


@pytest.mark.parametrize("ended", [True, False], ids=["ended", "unknown"])
def test_only_a_call_that_is_up_can_be_updated(
    server: Server, voice: ChimeSDKVoiceClient, ended: bool
) -> None:
    transaction_id = "00000000-0000-4000-8000-000000000000"
    if ended:
        call = rings_somebody(server, voice)
        until(lambda: told(call, *OUTBOUND))
        server.loop.call_soon_threadsafe(call.person_hangs_up, call.legs[0])
        until(lambda: call.has_ended)
        transaction_id = call.transaction_id
    with pytest.raises(voice.exceptions.NotFoundException, match="or it has ended") as refused:
        voice.update_sip_media_application_call(
            SipMediaApplicationId=application(server), TransactionId=transaction_id, Arguments={}
        )
    assert status(refused.value) == 404


def test_an_update_has_up_to_20_arguments(serves: Serves) -> None:
    server = serves(in_turn([], [], [Pause(duration_in_milliseconds=30_000)]))
    voice = client(server)
    call = rings_somebody(server, voice)
    until(lambda: told(call, *OUTBOUND))

    def updates(count: int) -> None:
        voice.update_sip_media_application_call(
            SipMediaApplicationId=application(server),
            TransactionId=call.transaction_id,
            Arguments={str(n): "" for n in range(count)},
        )

    for count in (0, 20):
        updates(count)
    with pytest.raises(voice.exceptions.BadRequestException, match="less than or equal to 20"):
        updates(21)


def test_one_call_a_second_may_be_made(serves: Serves) -> None:
    server = serves(quotas={})
    voice = client(server)

    def calls(times: int) -> None:
        for _ in range(times):
            rings_somebody(server, voice)

    calls(1)
    with pytest.raises(voice.exceptions.ThrottledClientException, match="1 times a second"):
        calls(5)  # on a slow machine, another has become allowed meanwhile


def test_five_updates_a_second_may_be_asked_for(serves: Serves) -> None:
    server = serves(quotas={})
    voice = client(server)
    transaction_id = rings_somebody(server, voice).transaction_id

    def updates(times: int) -> None:
        for _ in range(times):
            voice.update_sip_media_application_call(
                SipMediaApplicationId=application(server),
                TransactionId=transaction_id,
                Arguments={},
            )

    updates(5)
    with pytest.raises(voice.exceptions.ThrottledClientException):
        updates(30)  # on a slow machine, a few more have become allowed meanwhile


def test_ten_calls_may_be_up_at_a_time(serves: Serves) -> None:
    server = serves(quotas={"create_calls_per_second": 100})
    voice = client(server)
    for _ in range(10):
        rings_somebody(server, voice)
    with pytest.raises(
        voice.exceptions.ResourceLimitExceededException, match="has 10 active calls, and 10 are"
    ):
        rings_somebody(server, voice)


OPERATIONS = ("CreateSipMediaApplicationCall", "UpdateSipMediaApplicationCall")
ERRORS = {
    "BadRequestException": 400,
    "ResourceLimitExceededException": 400,
    "UnauthorizedClientException": 401,
    "AccessDeniedException": 403,
    "ForbiddenException": 403,
    "NotFoundException": 404,
    "ThrottledClientException": 429,
    "ServiceFailureException": 500,
    "ServiceUnavailableException": 503,
}


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_documented_error_can_be_had_on_purpose(
    server: Server, voice: ChimeSDKVoiceClient, operation: str, error: str
) -> None:
    body = f'{{"Operation": "{operation}", "Error": "{error}", "Message": "The line is down."}}'
    asked = Request(f"{server.endpoint}/_offhook/failures", body.encode(), JSON, method="POST")
    is_documented = (operation, error) not in {
        ("CreateSipMediaApplicationCall", "NotFoundException"),
        ("UpdateSipMediaApplicationCall", "AccessDeniedException"),
    }
    if not is_documented:
        with pytest.raises(HTTPError) as refused:
            urlopen(asked)
        with refused.value:
            assert f"{operation} has no '{error}'" in refused.value.read().decode()
        return
    urlopen(asked).close()

    def ask() -> None:
        if operation == "CreateSipMediaApplicationCall":
            rings_somebody(server, voice)
        else:
            voice.update_sip_media_application_call(
                SipMediaApplicationId="a", TransactionId="t", Arguments={}
            )

    with pytest.raises(getattr(voice.exceptions, error), match="The line is down") as happened:
        ask()
    assert status(happened.value) == ERRORS[error]
    assert happened.value.response.get("Error", {}).get("Code") == error
    if operation == "CreateSipMediaApplicationCall":
        ask()  # it was asked for once
    else:
        with pytest.raises(voice.exceptions.NotFoundException, match="There is no SIP media"):
            ask()


def test_an_unsigned_request_is_unauthorized(server: Server) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{server.endpoint}/sip-media-applications")
    with refused.value as answer:
        assert answer.code == 401
        assert answer.headers["x-amzn-ErrorType"] == "UnauthorizedClientException"
        assert b'"Code": "UnauthorizedClient"' in answer.read()


def test_what_aws_answers_no_more_is_gone(server: Server, voice: ChimeSDKVoiceClient) -> None:
    with pytest.raises(voice.exceptions.GoneException, match="no longer available") as refused:
        voice.get_sip_media_application_alexa_skill_configuration(
            SipMediaApplicationId=application(server)
        )
    assert status(refused.value) == 410
