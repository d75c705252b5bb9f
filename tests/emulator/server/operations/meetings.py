"""Success stories of meetings and attendees."""

from typing import Any

from offhook.emulator.server.listening import Server

MEETING = "5c1b3f6e-8a2d-47e9-93b0-1d7f04c62706"
ANA, BEN = "0f2a9d61-3c4b-4e7a-8d15-6b7c8d9e0f11", "1a3b5c7d-9e0f-4a1b-8c3d-5e6f7a8b9c22"
ASKED = {"ClientRequestToken": "once", "MediaRegion": "us-east-1", "ExternalMeetingId": "standup"}


def _there(server: Server) -> None:
    """A meeting that two may join."""
    server.service.meetings.make(MEETING, {"t-ana": ANA, "t-ben": BEN})


def create_meeting(server: Server, meetings: Any) -> None:
    made = meetings.create_meeting(**ASKED, Tags=[{"Key": "team", "Value": "desk"}])["Meeting"]
    assert made["ExternalMeetingId"] == "standup"
    assert made["MediaPlacement"]["AudioHostUrl"]
    assert server.service.account.holdings.tags[made["MeetingArn"]] == {"team": "desk"}
    assert meetings.create_meeting(**ASKED)["Meeting"] == made
    assert list(server.service.meetings.known) == [made["MeetingId"]]


def create_meeting_with_attendees(server: Server, meetings: Any) -> None:
    people = [{"ExternalUserId": "ana"}, {"ExternalUserId": "ben"}]
    made = meetings.create_meeting_with_attendees(**ASKED, Attendees=people)
    assert [each["ExternalUserId"] for each in made["Attendees"]] == ["ana", "ben"]
    meeting = server.service.meetings.known[made["Meeting"]["MeetingId"]]
    assert list(meeting.tokens) == [each["JoinToken"] for each in made["Attendees"]]
    assert (
        meetings.create_meeting_with_attendees(**ASKED, Attendees=people)["Attendees"]
        == (made["Attendees"])
    )


def get_meeting(server: Server, meetings: Any) -> None:
    _there(server)
    assert meetings.get_meeting(MeetingId=MEETING)["Meeting"]["MeetingId"] == MEETING


def delete_meeting(server: Server, meetings: Any) -> None:
    _there(server)
    meetings.delete_meeting(MeetingId=MEETING)
    assert server.service.meetings.known[MEETING].has_ended
    assert server.service.resources.within(("meetings", MEETING, "attendees")) == []


def create_attendee(server: Server, meetings: Any) -> None:
    _there(server)
    muted = {"Audio": "Receive", "Video": "None", "Content": "None"}
    made = meetings.create_attendee(MeetingId=MEETING, ExternalUserId="cleo", Capabilities=muted)[
        "Attendee"
    ]
    assert (made["ExternalUserId"], made["Capabilities"]) == ("cleo", muted)
    assert server.service.meetings.known[MEETING].tokens[made["JoinToken"]] == made["AttendeeId"]


def batch_create_attendee(server: Server, meetings: Any) -> None:
    _there(server)
    people = [{"ExternalUserId": "cleo"}, {"ExternalUserId": "dan"}]
    made = meetings.batch_create_attendee(MeetingId=MEETING, Attendees=people)
    assert [each["ExternalUserId"] for each in made["Attendees"]] == ["cleo", "dan"]
    assert made["Errors"] == []
    assert len(server.service.meetings.known[MEETING].attendees) == 4


def get_attendee(server: Server, meetings: Any) -> None:
    _there(server)
    found = meetings.get_attendee(MeetingId=MEETING, AttendeeId=BEN)["Attendee"]
    assert (found["AttendeeId"], found["JoinToken"]) == (BEN, "t-ben")


def list_attendees(server: Server, meetings: Any) -> None:
    _there(server)
    page = meetings.list_attendees(MeetingId=MEETING, MaxResults=1)
    assert [each["AttendeeId"] for each in page["Attendees"]] == [ANA]
    page = meetings.list_attendees(MeetingId=MEETING, NextToken=page["NextToken"])
    assert [each["AttendeeId"] for each in page["Attendees"]] == [BEN]
    assert "NextToken" not in page


def delete_attendee(server: Server, meetings: Any) -> None:
    _there(server)
    meetings.delete_attendee(MeetingId=MEETING, AttendeeId=ANA)
    assert server.service.meetings.known[MEETING].tokens == {"t-ben": BEN}
