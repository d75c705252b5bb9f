"""Meetings that callers can join: attendees by join token, and who is muted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from offhook.emulator.call.far_end import LiveCall
from offhook.emulator.call.leg import Leg

MEETING_NUMBER = "+17035550122"
"""The service's own number for meetings, as events show it."""

TOKEN_HEADER, MEETING_HEADER = "X-chime-join-token", "X-chime-meeting-id"
FORBIDDEN = 403
"""How a call is refused that may not join. Not documented."""


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
    has_ended: bool = False
    """Whether it is over: no token opens it any more."""
    legs: list[tuple[LiveCall, Leg]] = field(default_factory=list[tuple[LiveCall, Leg]])
    """The callers in it."""

    @property
    def attendees(self) -> tuple[str, ...]:
        """Everybody's attendee id."""
        return tuple(self.tokens.values())

    def welcome(self, call: LiveCall, leg: Leg) -> None:
        """A caller is in it, until the meeting leg ends."""
        self.legs.append((call, leg))
        leg.at_end(lambda: self.legs.remove((call, leg)))

    def end(self) -> None:
        """Everybody is sent out; their calls stay up."""
        self.has_ended = True
        for call, leg in tuple(self.legs):
            call.hang_up(leg, 0, by="network")


@dataclass
class Meetings:
    """All meetings. Where nobody made one, any token opens any: the desk has no Meetings API."""

    known: dict[str, Meeting] = field(default_factory=dict[str, Meeting])

    def make(self, meeting_id: str, tokens: Mapping[str, str]) -> Meeting:
        """A meeting that only these tokens open."""
        self.known[meeting_id] = Meeting(meeting_id, dict(tokens))
        return self.known[meeting_id]

    def admit(self, meeting_id: str | None, token: str) -> Meeting | None:
        """The meeting that a token opens; `None` when it does not."""
        for meeting in self.known.values():
            if token in meeting.tokens and meeting_id in (None, meeting.meeting_id):
                return None if meeting.has_ended else meeting
        if not all(meeting.is_open for meeting in self.known.values()):
            return None  # the story has made its meetings: there are no others
        name = meeting_id or token
        if name not in self.known:
            self.make(name, {}).is_open = True
        found = self.known[name]
        return None if found.has_ended else found


@dataclass(frozen=True)
class MeetingLine:
    """What answers at the number for meetings: it lets a call in whose SIP headers name a meeting
    and a join token, as samples do."""

    meetings: Meetings

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """Answer and let in, or refuse and say why."""
        sent = {name.lower(): value for name, value in leg.invite_headers.items()}
        token, meeting_id = (sent.get(name.lower()) for name in (TOKEN_HEADER, MEETING_HEADER))
        meeting = self.meetings.admit(meeting_id, token) if token and meeting_id else None
        if meeting is not None:
            leg.loop.call_soon(_let_in, meeting, call, leg)
            return
        missing = [name for name in (TOKEN_HEADER, MEETING_HEADER) if not sent.get(name.lower())]
        why = f"no meeting {meeting_id} is open to this token"
        if missing:
            why = f"the call has no SIP header {' and no '.join(missing)}"
        leg.report("note", f"{MEETING_NUMBER} lets nobody in: {why}")
        leg.loop.call_soon(call.person_hangs_up, leg, FORBIDDEN)


def _let_in(meeting: Meeting, call: LiveCall, leg: Leg) -> None:
    call.answered(leg)
    if leg.is_connected:
        leg.report("call", f"is in the meeting {meeting.meeting_id}")
        meeting.welcome(call, leg)
