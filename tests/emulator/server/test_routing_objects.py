"""Applications, rules, numbers and tags: made, looked at, changed and deleted with boto3.

About `offhook.emulator.server.api.pages`, `offhook.emulator.service.account`,
`offhook.emulator.service.configured`, `offhook.emulator.service.phone_numbers`,
`offhook.emulator.service.records`, `offhook.emulator.service.regions`,
`offhook.emulator.service.service_error`.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from types_boto3_chime_sdk_voice import ChimeSDKVoiceClient
from types_boto3_chime_sdk_voice.literals import SipRuleTriggerTypeType

from offhook.emulator.server.listening import Server
from offhook.emulator.service.phone_numbers import ORDER_TAKES
from tests.emulator.server.conftest import OURS, Serves, application, client

ARN = "arn:aws:lambda:us-east-1:123456789012:function:orders"
HOST = "abcdefghij0123456789ab.voiceconnector.chime.aws"


def makes_application(voice: ChimeSDKVoiceClient, name: str = "orders") -> str:
    made = voice.create_sip_media_application(
        AwsRegion="us-east-1", Name=name, Endpoints=[{"LambdaArn": ARN}]
    )
    return made["SipMediaApplication"].get("SipMediaApplicationId", "")


def makes_rule(
    voice: ChimeSDKVoiceClient, application_id: str, name: str = "rule", trigger: str = HOST
) -> str:
    made = voice.create_sip_rule(
        Name=name,
        TriggerType="RequestUriHostname",
        TriggerValue=trigger,
        TargetApplications=[{"SipMediaApplicationId": application_id, "Priority": 1}],
    )
    return made["SipRule"].get("SipRuleId", "")


def test_an_application_is_made_changed_and_deleted(voice: ChimeSDKVoiceClient) -> None:
    its_id = makes_application(voice)
    voice.update_sip_media_application(SipMediaApplicationId=its_id, Name="returns")
    found = voice.get_sip_media_application(SipMediaApplicationId=its_id)["SipMediaApplication"]
    assert found.get("Name") == "returns"
    assert found.get("Endpoints") == [{"LambdaArn": ARN}]
    assert (
        found.get("SipMediaApplicationArn") == f"arn:aws:chime:us-east-1:123456789012:sma/{its_id}"
    )
    voice.delete_sip_media_application(SipMediaApplicationId=its_id)
    with pytest.raises(voice.exceptions.NotFoundException):
        voice.get_sip_media_application(SipMediaApplicationId=its_id)


def test_two_applications_of_one_name_conflict(voice: ChimeSDKVoiceClient) -> None:
    makes_application(voice)
    with pytest.raises(voice.exceptions.ConflictException, match="named 'orders' already"):
        makes_application(voice)


@pytest.mark.parametrize("region", ["eu-west-1", "mars-north-1"])
def test_the_function_is_of_the_region(voice: ChimeSDKVoiceClient, region: str) -> None:
    with pytest.raises(voice.exceptions.BadRequestException, match=region):
        voice.create_sip_media_application(
            AwsRegion=region, Name="orders", Endpoints=[{"LambdaArn": ARN}]
        )


def test_thirty_applications_are_allowed(serves: Serves) -> None:
    voice = client(serves(quotas={}))
    for n in range(29):
        makes_application(voice, f"application {n}")
    with pytest.raises(voice.exceptions.ResourceLimitExceededException, match="30 are allowed"):
        makes_application(voice, "one more")


def test_lists_come_in_pages(voice: ChimeSDKVoiceClient) -> None:
    made = [makes_application(voice, f"application {n}") for n in range(7)]
    pages = list(
        voice.get_paginator("list_sip_media_applications").paginate(
            PaginationConfig={"PageSize": 3}
        )
    )
    assert [len(page["SipMediaApplications"]) for page in pages] == [3, 3, 2]
    found = [app.get("SipMediaApplicationId") for p in pages for app in p["SipMediaApplications"]]
    assert found[1:] == made


@pytest.mark.parametrize("token", ["nonsense", "bnVsbA==", "Ww==", "\u00e9"])
def test_a_made_up_page_token_is_refused(voice: ChimeSDKVoiceClient, token: str) -> None:
    with pytest.raises(voice.exceptions.BadRequestException, match="NextToken"):
        voice.list_sip_rules(NextToken=token)


def test_what_a_rule_needs_is_deleted_after_it(voice: ChimeSDKVoiceClient) -> None:
    its_id = makes_application(voice)
    rule = makes_rule(voice, its_id)
    with pytest.raises(voice.exceptions.ConflictException, match=rule):
        voice.delete_sip_media_application(SipMediaApplicationId=its_id)
    with pytest.raises(voice.exceptions.ConflictException, match="disable it first"):
        voice.delete_sip_rule(SipRuleId=rule)
    voice.update_sip_rule(SipRuleId=rule, Name="rule", Disabled=True)
    voice.delete_sip_rule(SipRuleId=rule)
    voice.delete_sip_media_application(SipMediaApplicationId=its_id)


def test_a_trigger_has_one_enabled_rule(server: Server, voice: ChimeSDKVoiceClient) -> None:
    its_id = application(server)

    def rule(name: str, *, disabled: bool) -> str:
        made = voice.create_sip_rule(
            Name=name,
            TriggerType="ToPhoneNumber",
            TriggerValue=OURS,
            Disabled=disabled,
            TargetApplications=[{"SipMediaApplicationId": its_id, "Priority": 1}],
        )
        return made["SipRule"].get("SipRuleId", "")

    with pytest.raises(voice.exceptions.ConflictException, match="has the trigger"):
        rule("another", disabled=False)
    another = rule("another", disabled=True)
    with pytest.raises(voice.exceptions.ConflictException, match="has the trigger"):
        voice.update_sip_rule(SipRuleId=another, Name="another", Disabled=False)
    assert len(voice.list_sip_rules(SipMediaApplicationId=its_id)["SipRules"]) == 2
    with pytest.raises(voice.exceptions.NotFoundException, match="application 'other'"):
        voice.list_sip_rules(SipMediaApplicationId="other")


@pytest.mark.parametrize(
    ("trigger_type", "value", "says"),
    [
        ("ToPhoneNumber", "+15550109999", "not a phone number of this account"),
        ("RequestUriHostname", "example.com", "no outbound host name"),
    ],
)
def test_a_trigger_is_ours(
    server: Server,
    voice: ChimeSDKVoiceClient,
    trigger_type: SipRuleTriggerTypeType,
    value: str,
    says: str,
) -> None:
    with pytest.raises(voice.exceptions.BadRequestException, match=says):
        voice.create_sip_rule(
            Name="rule",
            TriggerType=trigger_type,
            TriggerValue=value,
            TargetApplications=[{"SipMediaApplicationId": application(server), "Priority": 1}],
        )


def test_the_targets_of_a_rule_differ(server: Server, voice: ChimeSDKVoiceClient) -> None:
    first, second = application(server), makes_application(voice)
    for targets in ([(first, 1), (second, 1)], [(first, 1), (first, 2)], [("nobody", 1)]):
        with pytest.raises(voice.exceptions.BadRequestException):
            voice.create_sip_rule(
                Name="rule",
                TriggerType="RequestUriHostname",
                TriggerValue=HOST,
                TargetApplications=[
                    {"SipMediaApplicationId": its_id, "Priority": priority}
                    for its_id, priority in targets
                ],
            )


def test_numbers_are_found_ordered_used_and_deleted(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    ordered = datetime.now(UTC)
    server.service.account.now = lambda: ordered
    (number,) = voice.search_available_phone_numbers(AreaCode="206", MaxResults=1)[
        "E164PhoneNumbers"
    ]
    order = voice.create_phone_number_order(
        ProductType="SipMediaApplicationDialIn", E164PhoneNumbers=[number, OURS]
    )["PhoneNumberOrder"]
    assert order.get("Status") == "Processing"
    assert voice.get_phone_number(PhoneNumberId=number)["PhoneNumber"].get("Status") == (
        "AcquireInProgress"
    )
    order_id = order.get("PhoneNumberOrderId", "")

    def status() -> str | None:
        found = voice.get_phone_number_order(PhoneNumberOrderId=order_id)["PhoneNumberOrder"]
        return found.get("Status")

    assert status() == "Processing"
    server.service.account.now = lambda: ordered + ORDER_TAKES
    assert status() == "Partial", "one of them was ours already"
    rule = voice.create_sip_rule(
        Name="rule",
        TriggerType="ToPhoneNumber",
        TriggerValue=number,
        TargetApplications=[{"SipMediaApplicationId": makes_application(voice), "Priority": 1}],
    )["SipRule"].get("SipRuleId", "")
    (found,) = voice.list_phone_numbers(FilterName="SipRuleId", FilterValue=rule)["PhoneNumbers"]
    assert (found.get("E164PhoneNumber"), found.get("Status")) == (number, "Assigned")
    with pytest.raises(voice.exceptions.BadRequestException, match="delete the rule first"):
        voice.delete_phone_number(PhoneNumberId=number)
    voice.update_sip_rule(SipRuleId=rule, Name="rule", Disabled=True)
    voice.delete_sip_rule(SipRuleId=rule)
    voice.delete_phone_number(PhoneNumberId=found.get("PhoneNumberId", ""))
    assert "DeletionTimestamp" in voice.get_phone_number(PhoneNumberId=number)["PhoneNumber"]
    restored = voice.restore_phone_number(PhoneNumberId=number)["PhoneNumber"]
    assert restored.get("Status") == "Unassigned"


def test_a_number_that_a_rule_has_keeps_its_product_type(voice: ChimeSDKVoiceClient) -> None:
    with pytest.raises(voice.exceptions.ConflictException, match="is the trigger of the SIP rule"):
        voice.update_phone_number(PhoneNumberId=OURS, ProductType="VoiceConnector")


def test_one_detail_of_a_number_is_updated_at_a_time(voice: ChimeSDKVoiceClient) -> None:
    with pytest.raises(voice.exceptions.BadRequestException, match="CallingName, Name: send a req"):
        voice.update_phone_number(PhoneNumberId=OURS, Name="Desk", CallingName="Workshop")
    errors = voice.batch_update_phone_number(
        UpdatePhoneNumberRequestItems=[
            {"PhoneNumberId": OURS, "Name": "Desk", "CallingName": "Workshop"}
        ]
    )["PhoneNumberErrors"]
    assert [each.get("ErrorCode") for each in errors] == ["BadRequest"]
    assert "Name" not in voice.get_phone_number(PhoneNumberId=OURS)["PhoneNumber"]


def test_a_number_is_in_a_batch_once(voice: ChimeSDKVoiceClient) -> None:
    twice = (OURS, OURS.replace("+", "%2B"))
    with pytest.raises(voice.exceptions.BadRequestException, match="twice there"):
        voice.batch_update_phone_number(
            UpdatePhoneNumberRequestItems=[
                {"PhoneNumberId": each, "Name": "Desk"} for each in twice
            ]
        )


def test_a_calling_name_is_pending_for_72_hours(server: Server, voice: ChimeSDKVoiceClient) -> None:
    asked = datetime.now(UTC)
    server.service.account.now = lambda: asked
    number = voice.update_phone_number(PhoneNumberId=OURS, CallingName="Workshop")["PhoneNumber"]
    assert (number.get("CallingName"), number.get("CallingNameStatus")) == (
        *("Workshop", "UpdateInProgress"),
    )
    server.service.account.now = lambda: asked + timedelta(hours=71)
    with pytest.raises(voice.exceptions.ConflictException, match="is pending"):
        voice.update_phone_number(PhoneNumberId=OURS, CallingName="Shop")
    voice.update_phone_number(PhoneNumberId=OURS, Name="Desk")
    server.service.account.now = lambda: asked + timedelta(hours=72)
    number = voice.get_phone_number(PhoneNumberId=OURS)["PhoneNumber"]
    assert number.get("CallingNameStatus") == "UpdateSucceeded"
    voice.update_phone_number(PhoneNumberId=OURS, CallingName="")
    server.service.account.now = lambda: asked + timedelta(hours=144)
    number = voice.get_phone_number(PhoneNumberId=OURS)["PhoneNumber"]
    assert number.get("CallingNameStatus") == "Unassigned"


def test_the_default_calling_name_is_updated_once_in_seven_days(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    asked = datetime.now(UTC)
    server.service.account.now = lambda: asked
    voice.update_phone_number_settings(CallingName="Workshop")
    assert voice.get_phone_number_settings()["CallingNameUpdatedTimestamp"] == asked
    server.service.account.now = lambda: asked + timedelta(days=6, hours=23)
    with pytest.raises(voice.exceptions.BadRequestException, match="once in seven days"):
        voice.update_phone_number_settings(CallingName="Shop")
    server.service.account.now = lambda: asked + timedelta(days=7)
    voice.update_phone_number_settings(CallingName="Shop")


def test_a_number_abroad_is_of_an_application(server: Server, voice: ChimeSDKVoiceClient) -> None:
    abroad = "+442079460100"
    voice.create_phone_number_order(
        ProductType="SipMediaApplicationDialIn", E164PhoneNumbers=[abroad]
    )
    with pytest.raises(voice.exceptions.BadRequestException, match="is not of the US"):
        voice.update_phone_number(PhoneNumberId=abroad, ProductType="VoiceConnector")
    assert server.service.account.number(abroad).product_type == "SipMediaApplicationDialIn"


def test_a_quota_says_what_counts(serves: Serves) -> None:
    server = serves(quotas={})
    voice = client(server)

    def order(*lines: int) -> None:
        numbers = [f"+12065550{line}" for line in lines]
        voice.create_phone_number_order(ProductType="VoiceConnector", E164PhoneNumbers=numbers)

    order(*range(100, 105))
    limit = voice.exceptions.ResourceLimitExceededException
    with pytest.raises(limit, match="has 5 ordered phone numbers, and 5 are allowed"):
        order(105)
    voice.delete_phone_number(PhoneNumberId="+12065550100")
    with pytest.raises(limit, match="deletion queue too, for 7 days: %2B12065550100"):
        order(105)
    left = datetime.now(UTC) + timedelta(days=8)
    server.service.account.now = lambda: left
    order(105)


def test_every_toll_free_prefix_of_the_model_is_on_offer(voice: ChimeSDKVoiceClient) -> None:
    shape = voice.meta.service_model.shape_for("TollFreePrefix")
    pattern = re.compile(str(shape.metadata["pattern"]))
    for prefix in filter(pattern.match, map(str, range(1000))):
        (number,) = voice.search_available_phone_numbers(TollFreePrefix=prefix, MaxResults=1)[
            "E164PhoneNumbers"
        ]
        assert number.startswith(f"+1{prefix}")
        voice.create_phone_number_order(ProductType="VoiceConnector", E164PhoneNumbers=[number])
        found = voice.get_phone_number(PhoneNumberId=number)["PhoneNumber"]
        assert found.get("Type") == "TollFree"


def test_what_is_not_there_has_no_tags(server: Server, voice: ChimeSDKVoiceClient) -> None:
    arn = f"arn:aws:chime:us-east-1:123456789012:sma/{application(server)}"
    assert "Tags" not in voice.list_tags_for_resource(ResourceARN=arn)
    with pytest.raises(voice.exceptions.NotFoundException):
        voice.list_tags_for_resource(ResourceARN=f"{arn}0")
