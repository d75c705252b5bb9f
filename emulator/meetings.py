"""Meetings that callers can join: attendees by join token, and who is muted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from offhook.emulator.leg import Leg

if TYPE_CHECKING:
    from offhook.emulator.call import Call


@dataclass
class Meeting:
    """A meeting. Its attendees are known by id; a join token makes one of them a caller."""

    meeting_id: str
    tokens: Mapping[str, str]
    """Join token -> attendee id."""
    muted: set[str] = field(default_factory=set[str])
    """Attendees who are muted."""
    is_open: bool = False
    """Whether any token opens it, and anybody may be named as an attendee."""
    legs: list[tuple["Call", Leg]] = field(default_factory=list[tuple["Call", Leg]])
    """The callers in it."""

    @property
    def attendees(self) -> tuple[str, ...]:
        """Everybody's attendee id."""
        return tuple(self.tokens.values())

    def end(self) -> None:
        """Everybody is sent out; their calls stay up."""
        for call, leg in self.legs:
            call.meeting_ends(leg)
        self.legs.clear()


@dataclass
class Meetings:
    """All meetings. One that nobody made takes any token: the desk has no Meetings API."""

    known: dict[str, Meeting] = field(default_factory=dict[str, Meeting])

    def make(self, meeting_id: str, tokens: Mapping[str, str]) -> Meeting:
        """A meeting that only these tokens open."""
        self.known[meeting_id] = Meeting(meeting_id, dict(tokens))
        return self.known[meeting_id]

    def admit(self, meeting_id: str | None, token: str) -> Meeting | None:
        """The meeting that a token opens; `None` when it does not."""
        for meeting in self.known.values():
            if token in meeting.tokens and meeting_id in (None, meeting.meeting_id):
                return meeting
        found = self.known.get(meeting_id or token)
        if found is None and (meeting_id is not None or not self.known):
            found = self.make(meeting_id or token, {})
            found.is_open = True
        return found if found is not None and found.is_open else None
