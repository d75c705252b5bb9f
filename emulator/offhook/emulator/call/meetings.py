"""Meetings that callers can join: attendees by join token, and who is muted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from offhook.emulator.call.far_end import LiveCall
from offhook.emulator.call.leg import Leg
from offhook.emulator.call.resources import Path, Resource, Resources

MEETING_NUMBER = "+17035550122"
"""The service's own number for meetings, as events show it."""

TOKEN_HEADER, MEETING_HEADER = "X-chime-join-token", "X-chime-meeting-id"
FORBIDDEN = 403
"""How a call is refused that may not join. Not documented."""


@dataclass
class Meeting:
    """A meeting. Its attendees are known by id; a join token makes one of them a caller."""

    meeting_id: str
    tokens: dict[str, str] = field(default_factory=dict[str, str])
    """Join token -> attendee id."""
    muted: set[str] = field(default_factory=set[str])
    """Attendees who are muted."""
    is_open: bool = False
    """Whether any token opens it, and anybody may be named as an attendee."""
    has_ended: bool = False
    """Whether it is over: no token opens it any more."""
    legs: list[tuple[LiveCall, Leg]] = field(default_factory=list[tuple[LiveCall, Leg]])
    """The callers in it."""
    resources: Resources = field(default_factory=Resources, repr=False)
    """Where it is kept, if somebody has made it."""
    _joined_as: dict[Leg, str] = field(default_factory=dict[Leg, str])
    """Who each caller is: their attendee id."""

    @property
    def attendees(self) -> tuple[str, ...]:
        """The attendee id of everybody whom a join token lets in."""
        return tuple(self.tokens.values())

    def welcome(self, call: LiveCall, leg: Leg, token: str) -> None:
        """A caller is in it, until the meeting leg ends."""
        self.legs.append((call, leg))
        self._joined_as[leg] = self.tokens.get(token, "")
        leg.at_end(lambda: self._leaves(call, leg))

    def end(self) -> None:
        """Everybody is sent out; their calls stay up. As DeleteMeeting does."""
        self.resources.delete(path_of(self.meeting_id))
        self.is_over()

    def is_over(self) -> None:
        """It is kept no more: no token opens it, and nobody is in it."""
        self.has_ended = True
        self._send_out(*self.legs)

    def remove(self, attendee: str) -> None:
        """An attendee is none any more, and is sent out. As DeleteAttendee does."""
        self.tokens = {token: each for token, each in self.tokens.items() if each != attendee}
        self._send_out(*(seat for seat in self.legs if self._joined_as[seat[1]] == attendee))

    def _send_out(self, *seats: tuple[LiveCall, Leg]) -> None:
        for call, leg in seats:
            call.hang_up(leg, 0, by="network")

    def _leaves(self, call: LiveCall, leg: Leg) -> None:
        self.legs.remove((call, leg))
        del self._joined_as[leg]


def path_of(meeting_id: str, *attendee_id: str) -> Path:
    """Where a meeting is kept, or one of its attendees."""
    return ("meetings", meeting_id, *(("attendees", *attendee_id) if attendee_id else ()))


class Meetings:
    """All meetings, as they are kept. Where nobody made one, any token opens any: the function has
    it from elsewhere."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        resources.watchers.append(self._follow)
        self.known: dict[str, Meeting] = {}
        """By id, those that are over too."""

    def make(self, meeting_id: str, tokens: Mapping[str, str]) -> Meeting:
        """A meeting that only these tokens open, each for its attendee id."""
        self._resources.delete(path_of(meeting_id))
        self._resources.put(path_of(meeting_id), {"MeetingId": meeting_id})
        for token, attendee in tokens.items():
            shown = {"ExternalUserId": attendee, "AttendeeId": attendee, "JoinToken": token}
            self._resources.put(path_of(meeting_id, attendee), shown)
        return self.known[meeting_id]

    def admit(self, meeting_id: str | None, token: str) -> Meeting | None:
        """The meeting that a token opens; `None` when it does not."""
        for meeting in self.known.values():
            if token in meeting.tokens and meeting_id in (None, meeting.meeting_id):
                return None if meeting.has_ended else meeting
        if not all(meeting.is_open for meeting in self.known.values()):
            return None  # meetings are made here: there are no others
        name = meeting_id or token
        found = self.known.setdefault(name, Meeting(name, is_open=True))
        return None if found.has_ended else found

    def _follow(self, path: Path, resource: Resource | None) -> None:
        match path:
            case ("meetings", meeting_id):
                if resource is None:
                    self.known[meeting_id].is_over()
                else:
                    self.known[meeting_id] = Meeting(meeting_id, resources=self._resources)
            case ("meetings", meeting_id, "attendees", attendee_id):
                if resource is None:
                    self.known[meeting_id].remove(attendee_id)
                else:
                    self.known[meeting_id].tokens[str(resource["JoinToken"])] = attendee_id
            case _:
                pass


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
        if meeting is not None and token:
            leg.loop.call_soon(_let_in, meeting, call, leg, token)
            return
        missing = [name for name in (TOKEN_HEADER, MEETING_HEADER) if not sent.get(name.lower())]
        why = f"no meeting {meeting_id} is open to this token"
        if missing:
            why = f"the call has no SIP header {' and no '.join(missing)}"
        leg.report("note", f"{MEETING_NUMBER} lets nobody in: {why}")
        leg.loop.call_soon(call.person_hangs_up, leg, FORBIDDEN)


def _let_in(meeting: Meeting, call: LiveCall, leg: Leg, token: str) -> None:
    call.answered(leg)
    if leg.is_connected:
        leg.report("call", f"is in the meeting {meeting.meeting_id}")
        meeting.welcome(call, leg, token)
