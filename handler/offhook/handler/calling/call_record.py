"""What is known of a call that we start, and how DynamoDB keeps it.

reserved -> dialling -> accepted -> confirmed -> answered -> ended
    |          |  |
    |          |  +---> unknown (until the call itself tells otherwise)
    +----------+------> refused (may be asked for again), cancelled
"""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypeVar, cast, get_args

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

Item: TypeAlias = "dict[str, AttributeValueTypeDef]"
"""An item of the table."""

T = TypeVar("T")

CONFLICTS: Final = 8
"""So often a write is tried because another execution was at the same item."""

JITTER: Final = random.SystemRandom()
"""Of the machine's: a snapshot holds the state of `random`, the same for all that start from it."""

Standing: TypeAlias = Literal[
    "refused",
    "reserved",
    "cancelled",
    "dialling",
    "unknown",
    "accepted",
    "confirmed",
    "answered",
    "ended",
]
"""Where a call stands, in the order of their rank."""

RANK: Final[Mapping[Standing, int]] = {state: rank for rank, state in enumerate(get_args(Standing))}
"""A state is only ever followed by one of a higher rank; but what is refused may be reserved."""

OUTCOMES: Final = {480: "no answer", 486: "busy", 600: "busy", 603: "rejected"}
"""What the SIP response codes of calls that were never answered mean."""


@dataclass(frozen=True, kw_only=True)
class OurCall:
    """What the ledger knows of a call. Times are seconds since 1970."""

    key: str
    state: Standing
    transaction_id: str | None = None
    """The service's id of the call, as soon as it is known."""
    sip_media_application_id: str | None = None
    dialled_at: float | None = None
    answered_at: float | None = None
    ended_at: float | None = None
    sip_response_code: int | None = None
    """How the call ended: 0 after a conversation, 486 busy, 480 no answer."""
    error: str | None = None
    """Why nothing was dialled: the code of the error."""
    is_cancelled: bool = False
    """Somebody asked for its end."""

    @property
    def may_be_up(self) -> bool:
        """Whether somebody may be on the line, or be rung, now or soon."""
        return self.state in ("dialling", "unknown", "accepted", "confirmed", "answered")

    @property
    def outcome(self) -> str:
        """What became of it: `completed`, `cancelled`, `busy`, `no answer`, `rejected`, `not
        answered`; or the state of a call that has not ended."""
        if self.state != "ended":
            return self.state
        if self.answered_at is not None:
            return "cancelled" if self.is_cancelled else "completed"
        return OUTCOMES.get(self.sip_response_code or 0, "not answered")


def call_of(item: "Mapping[str, AttributeValueTypeDef]") -> OurCall:
    """The call that an item holds."""

    def text(name: str) -> str | None:
        return item.get(name, {}).get("S")

    def number(name: str) -> float | None:
        found = item.get(name, {}).get("N")
        return None if found is None else float(found)

    code = number("sip_response_code")
    return OurCall(
        key=(text("pk") or "").partition("#")[2],
        state=cast("Standing", text("state")),
        transaction_id=text("transaction_id"),
        sip_media_application_id=text("sip_media_application_id"),
        dialled_at=number("dialled_at"),
        answered_at=number("answered_at"),
        ended_at=number("ended_at"),
        sip_response_code=None if code is None else int(code),
        error=text("error"),
        is_cancelled=item.get("is_cancelled", {}).get("BOOL", False),
    )


def call_key(key: str) -> "Item":
    """The primary key of a call's item."""
    return {"pk": {"S": f"call#{key}"}}


def transaction_key(transaction_id: str) -> "Item":
    """The primary key of the item that leads from the service's id to ours."""
    return {"pk": {"S": f"transaction#{transaction_id}"}}


def number(value: float) -> "AttributeValueTypeDef":
    """A number as DynamoDB takes it; times have three decimals."""
    return {"N": f"{value:.3f}".removesuffix(".000")}


def in_turn(write: Callable[[], T], sleep: Callable[[float], object] = time.sleep) -> T:
    """Write, and again while a transaction of another execution has the item: DynamoDB refuses a
    plain write in that moment, and botocore does not ask again."""
    from botocore.exceptions import ClientError

    for tries in range(CONFLICTS):
        try:
            return write()
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code")
            if code != "TransactionConflictException" or tries == CONFLICTS - 1:
                raise
        sleep(pause(tries))
    raise AssertionError("the last try returns or raises")


def pause(tries: int) -> float:
    """How long to wait after a conflict, in seconds: 10 to 640 ms, of which half is chance."""
    return 0.02 * float(2 ** min(tries, 5)) * JITTER.uniform(0.5, 1)


def old(error: "ClientError") -> Item:
    """The item as it was when a condition failed; empty where there was none."""
    response = cast("dict[str, Item]", cast("object", error.response))
    return response.get("Item", {})
