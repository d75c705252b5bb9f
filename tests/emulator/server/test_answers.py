"""What the API takes and answers, as botocore's model has it: bounds, forms, statuses.

About `offhook.emulator.server.api.check`, `offhook.emulator.server.api.answer`.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.model import StructureShape
from types_boto3_chime_sdk_voice import ChimeSDKVoiceClient

from offhook.emulator.function.in_process import InProcess
from offhook.emulator.server.api.model import load_model
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.phone_numbers import ORDER_TAKES
from offhook.emulator.service.quotas import Quotas
from offhook.emulator.service.regions import REGIONS
from tests.emulator.functions import always
from tests.emulator.server.conftest import OURS, THEIRS, Serves, application, client, client_of

ARN = "arn:aws:lambda:us-east-1:123456789012:function:orders"
HOST = "abcdefghij0123456789ab.voiceconnector.chime.aws"
ITS_ID = "00000000-0000-4000-8000-000000000000"
MADE: dict[str, object] = {
    "AwsRegion": "us-east-1",
    "Name": "orders",
    "Endpoints": [{"LambdaArn": ARN}],
}
CALL = {"FromPhoneNumber": OURS, "ToPhoneNumber": THEIRS, "SipMediaApplicationId": ITS_ID}
TARGET = {"SipMediaApplicationId": ITS_ID, "Priority": 1}
RULE: dict[str, object] = {
    "Name": "rule",
    "TriggerType": "RequestUriHostname",
    "TriggerValue": HOST,
    "TargetApplications": [TARGET],
}


def without(whole: dict[str, Any], name: str) -> dict[str, Any]:
    """All but one."""
    return {key: value for key, value in whole.items() if key != name}


REFUSED: dict[str, tuple[str, dict[str, Any]]] = {
    "a call without a number": (
        "create_sip_media_application_call",
        without(CALL, "ToPhoneNumber"),
    ),
    "21 headers": (
        "create_sip_media_application_call",
        {**CALL, "SipHeaders": {f"X-{n}": "" for n in range(21)}},
    ),
    "an update without arguments": (
        "update_sip_media_application_call",
        {"SipMediaApplicationId": ITS_ID, "TransactionId": ITS_ID},
    ),
    "a blank id": ("get_sip_media_application", {"SipMediaApplicationId": " "}),
    "a name of 257": ("create_sip_media_application", {**MADE, "Name": "n" * 257}),
    "no name": ("create_sip_media_application", {**MADE, "Name": ""}),
    "a name with a slash": ("create_sip_media_application", {**MADE, "Name": "a/b"}),
    "no function": (
        "create_sip_media_application",
        {**MADE, "Endpoints": [{"LambdaArn": "orders"}]},
    ),
    "two endpoints": (
        "create_sip_media_application",
        {**MADE, "Endpoints": [{"LambdaArn": ARN}] * 2},
    ),
    "51 tags": (
        "create_sip_media_application",
        {**MADE, "Tags": [{"Key": str(n), "Value": ""} for n in range(51)]},
    ),
    "a page of 101": ("list_sip_media_applications", {"MaxResults": 101}),
    "a page of none": ("list_sip_media_applications", {"MaxResults": 0}),
    "26 targets": (
        "create_sip_rule",
        {**RULE, "TargetApplications": [{**TARGET, "Priority": n} for n in range(1, 27)]},
    ),
    "priority 0": (
        "create_sip_rule",
        {**RULE, "TargetApplications": [{**TARGET, "Priority": 0}]},
    ),
    "a rule without targets": ("create_sip_rule", without(RULE, "TargetApplications")),
    "a rule without a name": ("update_sip_rule", {"SipRuleId": ITS_ID}),
    "another product type": (
        "create_phone_number_order",
        {"ProductType": "Fax", "E164PhoneNumbers": ["+12065550123"]},
    ),
    "501 numbers": ("search_available_phone_numbers", {"MaxResults": 501}),
    "a calling name of 16": (
        "update_phone_number",
        {"PhoneNumberId": OURS, "CallingName": "n" * 16},
    ),
    "settings of nothing": ("update_global_settings", {}),
    "a bucket that is none": (
        "update_global_settings",
        {"VoiceConnector": {"CdrBucket": "No Bucket"}},
    ),
}


@pytest.fixture(scope="module")
def unchecked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChimeSDKVoiceClient]:
    """boto3's client, which sends whatever it is given, for all that is refused: nothing comes of
    that."""
    only = SipMediaApplication(numbers=(OURS,), function="nobody:asks")
    folder, all_you_like = tmp_path_factory.mktemp("desk"), Quotas(enforced=False)
    desk = Desk(recordings=folder, sip_media_applications=(only,), quotas=all_you_like)
    with Server(desk, port=0, function=InProcess(always())) as server:
        yield cast("Any", boto3).client(
            "chime-sdk-voice",
            endpoint_url=server.endpoint,
            region_name="us-east-1",
            aws_access_key_id="desk",
            aws_secret_access_key="desk",
            config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
        )


@pytest.mark.parametrize(("operation", "asked"), REFUSED.values(), ids=REFUSED)
def test_what_the_model_does_not_allow_is_refused(
    unchecked: ChimeSDKVoiceClient, operation: str, asked: dict[str, Any]
) -> None:
    with pytest.raises(unchecked.exceptions.BadRequestException):
        getattr(unchecked, operation)(**asked)


def test_what_is_asked_of_each_operation_can_be_checked_also_of_one_to_come() -> None:
    for operation in load_model().operations.values():
        asked = operation.model.input_shape
        required = asked.required_members if isinstance(asked, StructureShape) else []
        assert [where for where, _, _ in operation.check_input({})] == required


def test_a_pattern_whose_end_has_a_count_is_one() -> None:
    check = load_model().operations["CreateVoiceProfileDomain"].check_input
    key = {"KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/1"}
    made = {"Name": "bank", "ServerSideEncryptionConfiguration": key}
    assert check({**made, "ClientRequestToken": "once-1"}) == []
    ((where, _, must),) = check({**made, "ClientRequestToken": "once 1"})
    assert (where, must.partition(":")[0]) == (
        "ClientRequestToken",
        "satisfy regular expression pattern",
    )


def test_the_client_is_as_in_the_model(voice: ChimeSDKVoiceClient) -> None:
    model = voice.meta.service_model
    assert (model.protocol, model.signing_name, model.api_version) == (
        *("rest-json", "chime", "2022-08-03"),
    )
    assert model.endpoint_prefix == "voice-chime"


def test_times_are_iso_8601_and_switches_are_booleans(voice: ChimeSDKVoiceClient) -> None:
    answers: list[dict[str, list[dict[str, object]]]] = []

    def hear(http_response: AWSResponse, **_said: object) -> None:
        answers.append(json.loads(http_response.content))

    voice.meta.events.register("after-call.chime-sdk-voice.ListSipRules", hear)
    voice.list_sip_rules()
    (rule,) = answers[0]["SipRules"]
    assert rule["Disabled"] is False
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", str(rule["CreatedTimestamp"]))


@pytest.mark.parametrize("version", [":$LATEST", ":live", ":7"])
def test_a_function_may_be_named_with_a_version(voice: ChimeSDKVoiceClient, version: str) -> None:
    made = voice.create_sip_media_application(
        AwsRegion="us-east-1", Name="orders", Endpoints=[{"LambdaArn": f"{ARN}{version}"}]
    )
    assert made["SipMediaApplication"].get("Endpoints") == [{"LambdaArn": f"{ARN}{version}"}]


def test_two_applications_may_have_one_function(voice: ChimeSDKVoiceClient) -> None:
    for name in ("orders", "returns"):
        voice.create_sip_media_application(
            AwsRegion="us-east-1", Name=name, Endpoints=[{"LambdaArn": ARN}]
        )
    made = voice.list_sip_media_applications()["SipMediaApplications"]
    assert [each.get("Endpoints") for each in made[1:]] == [[{"LambdaArn": ARN}]] * 2


def test_an_application_is_in_one_of_ten_regions(serves: Serves) -> None:
    assert len(REGIONS) == 10
    for region in REGIONS:
        voice = client(serves(region=region))
        made = voice.create_sip_media_application(
            AwsRegion=region,
            Name="orders",
            Endpoints=[{"LambdaArn": ARN.replace("us-east-1", region)}],
        )
        assert made["SipMediaApplication"].get("AwsRegion") == region


def test_a_rule_wants_a_number_of_its_type(server: Server, voice: ChimeSDKVoiceClient) -> None:
    number = "+12065550123"
    voice.create_phone_number_order(ProductType="VoiceConnector", E164PhoneNumbers=[number])
    later = datetime.now(UTC) + ORDER_TAKES
    server.service.account.now = lambda: later
    with pytest.raises(voice.exceptions.BadRequestException, match="SipMediaApplicationDialIn"):
        voice.create_sip_rule(
            Name="rule",
            TriggerType="ToPhoneNumber",
            TriggerValue=number,
            TargetApplications=[{"SipMediaApplicationId": application(server), "Priority": 1}],
        )


def test_a_number_has_its_arn(voice: ChimeSDKVoiceClient) -> None:
    number = voice.get_phone_number(PhoneNumberId=OURS)["PhoneNumber"]
    arn = "arn:aws:chime:us-east-1:123456789012:phone-number/"
    assert number.get("PhoneNumberArn", "").startswith(arn)


@pytest.mark.parametrize(
    ("asked", "begins"),
    [
        ({"AreaCode": "206"}, "+1206"),
        ({"State": "WA"}, "+1206"),
        ({"City": "Seattle", "State": "WA"}, "+1206"),
        ({"TollFreePrefix": "800"}, "+1800"),
        ({"PhoneNumberType": "TollFree"}, "+18"),
        ({"Country": "US"}, "+1"),
    ],
    ids=["area code", "state", "city", "toll-free prefix", "type", "country"],
)
def test_numbers_are_searched_by_where_they_are(
    voice: ChimeSDKVoiceClient, asked: Any, begins: str
) -> None:
    found = voice.search_available_phone_numbers(**asked, MaxResults=5)["E164PhoneNumbers"]
    assert len(found) == 5
    assert all(number.startswith(begins) for number in found)


def test_numbers_are_filtered_by_what_they_are(server: Server, voice: ChimeSDKVoiceClient) -> None:
    number = "+12065550123"
    voice.create_phone_number_order(ProductType="VoiceConnector", E164PhoneNumbers=[number])
    later = datetime.now(UTC) + ORDER_TAKES
    server.service.account.now = lambda: later

    def listed(**asked: Any) -> list[str | None]:
        pages = voice.list_phone_numbers(**asked)["PhoneNumbers"]
        return [each.get("E164PhoneNumber") for each in pages]

    assert sorted(map(str, listed())) == [number, OURS]
    assert listed(Status="Unassigned") == listed(ProductType="VoiceConnector") == [number]
    assert listed(Status="Assigned") == listed(ProductType="SipMediaApplicationDialIn") == [OURS]
    (rule,) = voice.list_sip_rules()["SipRules"]
    assert listed(FilterName="SipRuleId", FilterValue=rule.get("SipRuleId", "")) == [OURS]


def status(error: ClientError) -> int | None:
    """The HTTP status of a failure."""
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")


def test_a_conflict_is_409(server: Server, voice: ChimeSDKVoiceClient) -> None:
    with pytest.raises(voice.exceptions.ConflictException) as refused:
        voice.delete_sip_media_application(SipMediaApplicationId=application(server))
    assert status(refused.value) == 409


def test_what_cannot_be_processed_is_422(server: Server) -> None:
    body = {"Operation": "CreateAttendee", "Error": "UnprocessableEntityException"}
    to_the_desk = Request(
        f"{server.endpoint}/_offhook/failures",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
        method="POST",
    )
    urlopen(to_the_desk).close()
    meetings = client_of(server, "chime-sdk-meetings")
    with pytest.raises(meetings.exceptions.UnprocessableEntityException) as refused:
        meetings.create_attendee(MeetingId=ITS_ID, ExternalUserId="ana")
    assert status(refused.value) == 422
