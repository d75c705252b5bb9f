"""What is answered, by AWS's way of writing names."""

from collections.abc import Mapping, Sequence

from typing_extensions import TypedDict  # pydantic reads no other on Python 3.11


class LegShown(TypedDict):
    """A leg of a call: who is on it, and what they have heard."""

    ParticipantTag: str
    CallId: str
    From: str
    To: str
    Direction: str
    Status: str
    Heard: Sequence[str]
    DigitsSent: str


class CallShown(TypedDict):
    """A call in short."""

    TransactionId: str
    SipMediaApplicationId: str
    IsOver: bool
    Legs: Sequence[LegShown]


class WholeCall(CallShown):
    """A call with all that was told and answered, and its ladder, line by line."""

    TransactionAttributes: Mapping[str, object]
    Events: Sequence[Mapping[str, object]]
    Replies: Sequence[object]
    Ladder: Sequence[str]


class Heard(TypedDict):
    """A prompt that a leg hears."""

    Index: int
    Text: str
    Seconds: float
    IsSpeech: bool
    IsOver: bool
    WasCut: bool


class FarEndShown(TypedDict):
    """Who is at a number now."""

    Number: str
    Is: str


class BotShown(TypedDict):
    """A bot that is scripted now."""

    BotAliasArn: str
    Intent: str


class FailureShown(TypedDict):
    """A failure of an operation that is to come; `Times` is null where it stays."""

    Operation: str
    Error: str
    Times: int | None
    Message: str


class ActionFailureShown(TypedDict):
    """How many failures of an action are to come."""

    Action: str
    Waiting: int


class FaultShown(TypedDict):
    """A fault that is in force, for a call or for all."""

    Fault: str
    TransactionId: str | None


class About(TypedDict):
    """What is at this desk."""

    Numbers: Sequence[str]
    SipMediaApplications: Mapping[str, str]
    ActiveCalls: int
    S3: str | None
    Operations: Sequence[str]
    Desk: Sequence[str]


class Refused(TypedDict):
    """Why what was asked cannot be done."""

    Message: str
