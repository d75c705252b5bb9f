"""One leg of a call, as an event describes it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, cast

from offhook.handler.reading import mapping, said, text, whole


class Participant:
    """A leg: a view of one entry of `CallDetails.Participants`, which `raw` keeps whole."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        self.raw = raw

    call_id: Final = said("raw", "CallId")
    """The leg's unique `CallId`."""

    @property
    def participant_tag(self) -> str:
        """Which leg: `LEG-A` or `LEG-B`."""
        return text(self.raw, "ParticipantTag").upper()

    to: Final = said("raw", "To")
    """The number that was called: E.164, or a name such as `SMA`."""

    from_: Final = said("raw", "From")
    """The number that called: E.164, or a name such as `SMA`."""

    direction: Final = said("raw", "Direction")
    """`Inbound`: a call made to the service. `Outbound`: a call made by it."""

    @property
    def status(self) -> str | None:
        """`Connected` or `Disconnected`; `None` before the leg is answered."""
        return text(self.raw, "Status") or None

    @property
    def is_connected(self) -> bool:
        """Whether somebody is on the leg, as also where its status has a name of its own."""
        return (self.status or "Disconnected").lower() != "disconnected"

    @property
    def is_inbound(self) -> bool:
        """Whether the other party made the call."""
        return self.direction == "Inbound"

    @property
    def our_number(self) -> str:
        """Our side of the leg: `To` of an inbound leg, `From` of an outbound one."""
        return self.to if self.is_inbound else self.from_

    @property
    def other_party(self) -> str:
        """The far side of the leg: `From` of an inbound leg, `To` of an outbound one."""
        return self.from_ if self.is_inbound else self.to

    @property
    def started_at(self) -> datetime:
        """When the leg started, in UTC (the epoch where the event does not say)."""
        try:
            milliseconds = whole(self.raw, "StartTimeInMilliseconds") or 0
            return datetime.fromtimestamp(milliseconds / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            return datetime.fromtimestamp(0, UTC)

    @property
    def sip_headers(self) -> Mapping[str, str]:
        """Custom SIP headers that the leg received: `X-...`, `User-to-User`, `Diversion`."""
        return cast("Mapping[str, str]", mapping(self.raw, "SipHeaders"))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Participant) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.call_id)

    def __repr__(self) -> str:
        return f"<{self.participant_tag or 'leg'} {self.direction} {self.status or 'unanswered'}>"
