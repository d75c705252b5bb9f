"""What holds of the API wherever it is: at a desk by default, at AWS with `OFFHOOK_AWS=1`."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.aws.conftest import Line

NOBODY = "00000000-0000-4000-8000-000000000000"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def test_the_application_is_listed_and_shown(line: Line) -> None:
    voice, account = line
    pages = voice.get_paginator("list_sip_media_applications").paginate()
    listed = [each for page in pages for each in page["SipMediaApplications"]]
    (found,) = [each for each in listed if each.get("SipMediaApplicationId") == account.application]
    shown = voice.get_sip_media_application(SipMediaApplicationId=account.application)
    assert shown["SipMediaApplication"] == found
    region = voice.meta.region_name
    assert found.get("AwsRegion") == region
    assert re.fullmatch(
        rf"arn:aws:chime:{region}:\d{{12}}:sma/{account.application}",
        found.get("SipMediaApplicationArn", ""),
    )
    assert len(found.get("Endpoints", ())) == 1


def test_the_rules_of_the_application_lead_to_it(line: Line) -> None:
    voice, account = line
    for rule in voice.list_sip_rules(SipMediaApplicationId=account.application)["SipRules"]:
        targets = [each.get("SipMediaApplicationId") for each in rule.get("TargetApplications", ())]
        assert account.application in targets
        assert rule.get("TriggerType") in {"ToPhoneNumber", "RequestUriHostname"}


def test_our_number_is_shown_and_listed(line: Line) -> None:
    voice, account = line
    number = voice.get_phone_number(PhoneNumberId=account.ours)["PhoneNumber"]
    assert number.get("E164PhoneNumber") == account.ours
    assert number.get("ProductType") == "SipMediaApplicationDialIn"
    assert number.get("Capabilities", {}).get("OutboundCall") is True
    pages = voice.get_paginator("list_sip_media_applications").paginate(
        PaginationConfig={"PageSize": 1, "MaxItems": 3}
    )
    assert all(len(page["SipMediaApplications"]) <= 1 for page in pages)


REFUSED: dict[str, tuple[str, int, Callable[[Line], Any]]] = {
    "an application that there is not": (
        "NotFoundException",
        404,
        lambda line: line.voice.get_sip_media_application(SipMediaApplicationId=NOBODY),
    ),
    "a number that there is not": (
        "NotFoundException",
        404,
        lambda line: line.voice.get_phone_number(PhoneNumberId="+12065550100"),
    ),
    "a call that there is not": (
        "NotFoundException",
        404,
        lambda line: line.voice.update_sip_media_application_call(
            SipMediaApplicationId=line.account.application, TransactionId=NOBODY, Arguments={}
        ),
    ),
    "a page that there is not": (
        "BadRequestException",
        400,
        lambda line: line.voice.list_sip_media_applications(NextToken="nonsense"),
    ),
    "more arguments than 20": (
        "BadRequestException",
        400,
        lambda line: line.voice.update_sip_media_application_call(
            SipMediaApplicationId=line.account.application,
            TransactionId=NOBODY,
            Arguments={str(n): "" for n in range(21)},
        ),
    ),
}


@pytest.mark.parametrize(("name", "status", "ask"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_and_says_why(
    line: Line, name: str, status: int, ask: Callable[[Line], Any]
) -> None:
    with pytest.raises(ClientError) as refused:
        ask(line)
    answer = refused.value.response
    assert answer.get("Error", {}).get("Code") == name
    assert answer.get("ResponseMetadata", {}).get("HTTPStatusCode") == status
    print(f"{name}: {answer.get('Error', {}).get('Message')}")  # `-s` shows it, beside the desk's


@pytest.mark.calls
def test_a_number_that_is_not_ours_calls_nobody(line: Line) -> None:
    voice, account = line
    with pytest.raises(voice.exceptions.BadRequestException):
        voice.create_sip_media_application_call(
            FromPhoneNumber="+12065550100",
            ToPhoneNumber=account.may_dial[0],
            SipMediaApplicationId=account.application,
        )


@pytest.mark.calls
def test_a_call_is_made_and_updated(line: Line) -> None:
    voice, account = line
    made = voice.create_sip_media_application_call(
        FromPhoneNumber=account.ours,
        ToPhoneNumber=account.may_dial[0],
        SipMediaApplicationId=account.application,
        ArgumentsMap={"from": "the tests of Offhook"},
    )
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    transaction = made["SipMediaApplicationCall"].get("TransactionId", "")
    assert UUID.fullmatch(transaction)
    updated = voice.update_sip_media_application_call(
        SipMediaApplicationId=account.application,
        TransactionId=transaction,
        Arguments={"action": "hangup"},
    )
    assert updated["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert updated["SipMediaApplicationCall"].get("TransactionId") == transaction
