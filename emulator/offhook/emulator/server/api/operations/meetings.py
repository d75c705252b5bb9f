"""Meetings and their attendees, for JoinChimeMeeting. Nothing is seen or heard in one."""

import base64
from collections.abc import Mapping
from typing import cast

from botocore.model import StructureShape

from offhook.emulator.call.resources import Resource
from offhook.emulator.server.api.keeping import Kept
from offhook.emulator.server.api.model import load_model
from offhook.emulator.service.service import Service


def _meeting(service: Service, its_id: str) -> Resource:
    """Its ARN, and places that are nowhere."""
    return {
        "MeetingArn": service.account.arn(f"meeting/{its_id}"),
        "MediaPlacement": {
            name: f"wss://{its_id}.meetings.invalid/{name}" for name in _media_placement()
        },
    }


def _media_placement() -> Mapping[str, object]:
    shown = load_model().operations["GetMeeting"].model.output_shape
    meeting = cast("StructureShape", cast("StructureShape", shown).members["Meeting"])
    return cast("StructureShape", meeting.members["MediaPlacement"]).members


def _attendee(service: Service, its_id: str) -> Resource:
    """A token that only this attendee has."""
    token = base64.b64encode(f"{its_id}:{service.new_id()}".encode()).decode()
    both = "SendReceive"
    return {"JoinToken": token, "Capabilities": {"Audio": both, "Video": both, "Content": both}}


KEPT = Kept("meetings", {"meetings": _meeting, "attendees": _attendee}).operations
