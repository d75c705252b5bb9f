"""What is known of a call that we start, and how DynamoDB keeps it.

reserved -> dialling -> accepted -> confirmed -> answered -> ended
    |          |  |
    |          |  +---> unknown (until the call itself tells otherwise)
    +----------+------> waiting, refused (may be asked for again), cancelled
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args

from pydantic import BaseModel, Field, computed_field

from offhook.handler.calling.table import Item

Standing: TypeAlias = Literal[
    "refused", "reserved", "cancelled", "dialling", "unknown", "accepted", "confirmed", "answered",
    "ended", "waiting",
]  # fmt: skip
"""Where a call stands, in the order of their rank. What is waiting is kept as refused, with what it
waits for: the version before reads it so."""

RANK: Final[Mapping[Standing, int]] = {state: rank for rank, state in enumerate(get_args(Standing))}
"""A state is only ever followed by one of a higher rank; but what is refused may be reserved."""

OUTCOMES: Final = {480: "no answer", 486: "busy", 600: "busy", 603: "rejected"}
"""What the SIP response codes of calls that were never answered mean."""


class OurCall(BaseModel, frozen=True, json_schema_serialization_defaults_required=True):
    """What is known of a call."""

    key: str
    state: Standing
    transaction_id: str | None = None
    """The service's id of the call, as soon as it is known."""
    sip_media_application_id: str | None = Field(default=None, exclude=True)
    batch: str | None = None
    """The list of calls that it is one of."""
    asked_at: datetime | None = None
    waiting_since: datetime | None = None
    waits_for: str | None = None
    """Of a call that is waiting: what for."""
    waits_until: datetime | None = None
    dialled_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    sip_response_code: int | None = None
    """How the call ended: 0 after a conversation, 486 busy, 480 no answer."""
    error: str | None = None
    """Why nothing was dialled: the code of the error."""
    advice: str | None = None
    """Of a refused call, why, in words; of one that was over when asked for, how to call again."""
    is_cancelled: bool = False
    """Somebody asked for its end."""
    said: str | None = None
    """What the flow has kept of the call: `calls.keep`."""

    @property
    def may_be_up(self) -> bool:
        """Whether somebody may be on the line, or be rung, now or soon."""
        return self.state in ("dialling", "unknown", "accepted", "confirmed", "answered")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def outcome(self) -> str:
        """What became of it: `completed`, `cancelled`, `cancelled before it was started`, `busy`,
        `no answer`, `rejected`, `not answered`; or the state of a call that has not ended."""
        if self.state == "cancelled" and self.sip_media_application_id is None:
            return "cancelled before it was started"  # every start names an application
        if self.state != "ended":
            return self.state
        if self.answered_at is not None:
            return "cancelled" if self.is_cancelled else "completed"
        return OUTCOMES.get(self.sip_response_code or 0, "not answered")


class CallList(BaseModel):
    """Some calls, and where the others are."""

    calls: list[OurCall]
    next: str | None = None
    """What to ask for next; of the last page there is none. A page may hold fewer than `limit`."""


def call_of(item: Item) -> OurCall:
    """The call that an item holds."""
    held: dict[str, object] = {name: next(iter(one.values())) for name, one in item.items()}
    key = f"{held['pk']}".partition("#")[2].partition("~")[0]
    if "#" in f"{held.get('batch')}":
        del held["batch"]  # the number of who called, and no list
    if "waits_for" not in held:
        held.pop("waiting_since", None)
    elif held.get("state") == "refused":
        held["state"] = "waiting"
    return OurCall.model_validate({"state": "reserved", **held, "key": key})
