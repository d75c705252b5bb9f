"""The API of Chime SDK Voice as it is asked from here, and what its errors mean."""

import os
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from offhook.provisioning.requests import PATIENCE_SECONDS, Failed, NotYet

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from types_boto3_chime_sdk_voice.client import ChimeSDKVoiceClient

NUMBER_REGIONS: Final = ("us-east-1", "us-west-2")
"""Where numbers are provisioned ("Available regions" of the developer guide)."""

PASSING: Final = ("ServiceFailure", "ServiceUnavailable", "ThrottledClient")
"""Errors that are not about what was asked."""
NOT_READY: Final = ("BadRequest", "Conflict", "NotFound")
"""Errors that may be about the state that something is in, or that another execution has made."""
SETTLES_SECONDS: Final[Mapping[str, int]] = {
    "CreateSipRule": 300,  # the number has just come
    "UpdateSipRule": 300,
    "DeletePhoneNumber": PATIENCE_SECONDS,
    "DeleteSipRule": PATIENCE_SECONDS,
}
"""How long such an error is no failure, by what was asked."""

ACCESS: Final = (
    "Give the role of the provisioning function that permission, in an account that has PSTN Audio "
    "(it takes no new customers)"
)
TO_DO: Final[Mapping[str, str]] = {
    **dict.fromkeys(("AccessDenied", "Forbidden", "UnauthorizedClient"), ACCESS),
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


def lines() -> "ChimeSDKVoiceClient":
    """For numbers, and for the rules that name them."""
    here = stack_region()
    return client(here if here in NUMBER_REGIONS else NUMBER_REGIONS[0])


def listed(operation: str, key: str) -> Iterator[Mapping[str, Any]]:
    """All that an operation lists below a key; of numbers and orders boto3 has no paginator."""
    asked: dict[str, str] = {}
    while not asked or asked["NextToken"]:
        page: Mapping[str, Any] = getattr(lines(), operation)(**asked)
        yield from page[key]
        asked = {"NextToken": page.get("NextToken", "")}


def refused(error: "ClientError") -> Failed | NotYet:
    """What the service refused, and what to do."""
    said = error.response.get("Error", {})
    code, operation = said.get("Code", "").removesuffix("Exception"), error.operation_name
    says = f"{operation}: {code}: {said.get('Message', '')}"
    if code in PASSING:
        return NotYet(says)
    says = f"{says}. {TO_DO.get(code, 'Change what the template says of it')}"
    if code in NOT_READY and operation in SETTLES_SECONDS:
        return NotYet(says, SETTLES_SECONDS[operation])
    return Failed(says)
