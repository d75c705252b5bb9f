"""The API of Chime SDK Voice as it is asked from here, and what its errors mean."""

import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Final

from offhook.provisioning.requests import Failed, NotYet

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from types_boto3_chime_sdk_voice.client import ChimeSDKVoiceClient
    from types_boto3_chime_sdk_voice.type_defs import (
        ListPhoneNumberOrdersRequestTypeDef,
        ListPhoneNumbersRequestTypeDef,
        PhoneNumberOrderTypeDef,
        PhoneNumberTypeDef,
        SipRuleTypeDef,
    )

NUMBER_REGIONS: Final = ("us-east-1", "us-west-2")
"""Where numbers are provisioned ("Available regions" of the developer guide)."""

PASSING: Final = ("ServiceFailure", "ServiceUnavailable", "ThrottledClient")
"""Errors that are not about what was asked."""

PERMISSION: Final = "Give the role of the provisioning function that permission"
NO_SERVICE: Final = "The account must have PSTN Audio, which takes no new customers"
TO_DO: Final[Mapping[str, str]] = {
    "AccessDenied": PERMISSION,
    "Conflict": "Delete what has it already (a rule after it is disabled: UpdateSipRule), or give "
    "this stack another number",
    "Forbidden": f"{PERMISSION}. {NO_SERVICE}",
    "UnauthorizedClient": NO_SERVICE,
    "ResourceLimitExceeded": "Delete what is no longer needed (a number counts for 7 days after it "
    "is released), or have the quota raised in Service Quotas",
}
"""What to do about errors, by their codes."""


@cache
def client(region: str) -> "ChimeSDKVoiceClient":
    """A client that sends each request once: one that is repeated could order a second number."""
    import boto3
    from botocore.config import Config

    once = Config(connect_timeout=2, read_timeout=8, retries={"total_max_attempts": 1})
    found: ChimeSDKVoiceClient = boto3.client("chime-sdk-voice", region_name=region, config=once)  # pyright: ignore[reportUnknownMemberType] - an overload each
    return found


def stack_region() -> str:
    """The region of the function, and so of the stack and of its application."""
    return os.environ["AWS_REGION"]


def applications() -> "ChimeSDKVoiceClient":
    """For SIP media applications."""
    return client(stack_region())


def lines() -> "ChimeSDKVoiceClient":
    """For numbers, and for the rules that name them."""
    here = stack_region()
    return client(here if here in NUMBER_REGIONS else NUMBER_REGIONS[0])


def code(error: "ClientError") -> str:
    """Which error it is, as in NotFound."""
    return error.response.get("Error", {}).get("Code", "").removesuffix("Exception")


def failed(error: "ClientError") -> Failed:
    """What the service refused, and what to do."""
    to_do = TO_DO.get(code(error), "Change what the template says of it")
    said = error.response.get("Error", {}).get("Message", "")
    return Failed(f"{error.operation_name}: {code(error)}: {said}. {to_do}")


@contextmanager
def refused(what: str) -> Generator[None]:
    """Where the service refuses to remove something for its state: it is looked for again then, and
    what is gone by itself is not found."""
    from botocore.exceptions import ClientError

    try:
        yield
    except ClientError as error:
        if code(error) not in ("BadRequest", "Conflict", "NotFound"):
            raise
        raise NotYet(f"{what}: {error}") from None


def numbers() -> "Iterator[PhoneNumberTypeDef]":
    """All numbers of the account, those that are on their way and those that go, too."""
    asked: ListPhoneNumbersRequestTypeDef = {}
    while True:
        page = lines().list_phone_numbers(**asked)
        yield from page["PhoneNumbers"]
        if not page.get("NextToken"):
            return
        asked = {"NextToken": page.get("NextToken", "")}


def orders() -> "Iterator[PhoneNumberOrderTypeDef]":
    """All orders of numbers."""
    asked: ListPhoneNumberOrdersRequestTypeDef = {}
    while True:
        page = lines().list_phone_number_orders(**asked)
        yield from page["PhoneNumberOrders"]
        if not page.get("NextToken"):
            return
        asked = {"NextToken": page.get("NextToken", "")}


def rules() -> "Iterator[SipRuleTypeDef]":
    """All SIP rules of the account."""
    for page in lines().get_paginator("list_sip_rules").paginate():
        yield from page["SipRules"]
