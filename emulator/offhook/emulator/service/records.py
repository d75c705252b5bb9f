"""What the account owns, as the API shows it and as the state file keeps it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_pascal

REGION = r"[a-z]{2}(?:-gov|-isob?)?-[a-z]+-\d"

HOST = r"[0-9a-z]{21,22}\.voiceconnector\.chime\.aws"
"""The outbound host name of a Voice Connector: its id is the first label."""

ProductType = Literal["VoiceConnector", "SipMediaApplicationDialIn"]


def stamp(moment: datetime) -> str:
    """A moment as the API writes it."""
    return moment.isoformat().replace("+00:00", "Z")


class Record(BaseModel):
    """Something owned. AWS's names on the wire."""

    model_config = ConfigDict(
        alias_generator=to_pascal,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        extra="forbid",
    )

    created_timestamp: datetime
    updated_timestamp: datetime

    def to_wire(self) -> dict[str, object]:
        """As a member of an answer."""
        return self.model_dump(mode="json", exclude_none=True)


class Endpoint(BaseModel):
    """The function of an application."""

    model_config = ConfigDict(frozen=True)

    LambdaArn: str


class SipMediaApplication(Record):
    """A SIP media application: its function is invoked with the events of its calls."""

    sip_media_application_id: str
    aws_region: str
    name: str
    endpoints: list[Endpoint]
    sip_media_application_arn: str

    @property
    def lambda_arn(self) -> str:
        """The ARN of the function behind it."""
        return self.endpoints[0].LambdaArn


class Target(BaseModel):
    """An application that a rule sends calls to; the lowest priority comes first."""

    model_config = ConfigDict(frozen=True)

    SipMediaApplicationId: str
    Priority: int = 1
    AwsRegion: str | None = None


class SipRule(Record):
    """Which applications answer a number of ours, or calls to a Voice Connector's host."""

    sip_rule_id: str
    name: str
    disabled: bool = False
    trigger_type: Literal["ToPhoneNumber", "RequestUriHostname"]
    trigger_value: str
    target_applications: list[Target]


class Association(BaseModel):
    """What a number is of: a Voice Connector, or a group of them."""

    model_config = ConfigDict(frozen=True)

    Name: Literal["VoiceConnectorId", "VoiceConnectorGroupId"]
    Value: str
    AssociatedTimestamp: datetime


class PhoneNumber(Record):
    """A number of ours. Whether it is assigned is seen from the rules, and from what it is of."""

    e164_phone_number: str
    product_type: ProductType = "SipMediaApplicationDialIn"
    type: Literal["Local", "TollFree"] = "Local"
    country: str = "US"
    acquired_timestamp: datetime | None = None
    """When its order is through; the API does not show it."""
    deletion_timestamp: datetime | None = None
    """When it leaves the deletion queue for good, seven days after it was deleted."""
    calling_name: str | None = None
    calling_name_timestamp: datetime | None = None
    """When it was asked for: for some hours it is pending. The API does not show it."""
    association: Association | None = None
    order_id: str | None = None
    name: str | None = None


class PhoneNumberOrder(Record):
    """An order of numbers."""

    phone_number_order_id: str
    product_type: ProductType
    ordered: list[str]
    """The numbers that will be acquired."""
    refused: list[str]
    """The numbers that cannot be: somebody has them."""


class Holdings(BaseModel):
    """Everything that the account owns."""

    model_config = ConfigDict(extra="forbid")

    applications: dict[str, SipMediaApplication] = Field(
        default_factory=dict[str, SipMediaApplication]
    )
    """The applications, by id."""
    rules: dict[str, SipRule] = Field(default_factory=dict[str, SipRule])
    """The SIP rules, by id."""
    numbers: dict[str, PhoneNumber] = Field(default_factory=dict[str, PhoneNumber])
    """By number, in E.164."""
    orders: dict[str, PhoneNumberOrder] = Field(default_factory=dict[str, PhoneNumberOrder])
    """The orders of numbers, by id."""
    tags: dict[str, dict[str, str]] = Field(default_factory=dict[str, dict[str, str]])
    """Tags by name, by the ARN of what has them."""
    message_logs: dict[str, bool] = Field(default_factory=dict[str, bool])
    """Whether SIP message logs are on, by application."""
    cdr_bucket: str | None = None
    """Where call detail records go."""
    calling_name: str | None = None
    """The default for outbound calls."""
    calling_name_timestamp: datetime | None = None
    """When that was said."""
    kept: dict[str, dict[str, object]] = Field(default_factory=dict[str, dict[str, object]])
    """What is only kept, and longer than the desk is open: by path."""
    configured: set[str] = Field(default_factory=set[str])
    """What the configuration gave, by id or number: what is deleted stays deleted."""
