"""Which leg an action runs on."""

from typing import Annotated, Generic, Literal, TypeAlias

from pydantic import Field

from offhook.actions.base import Action, R_co
from offhook.actions.refusals import INVALID_LEG, FailsWith

_INVALID = FailsWith(INVALID_LEG.error_message)

CallId: TypeAlias = Annotated[str, Field(min_length=1), _INVALID]
"""A leg's `CallId`: a UUID, taken from an event."""

LegA: TypeAlias = Annotated[Literal["LEG-A"], _INVALID]
"""The first leg: the caller, or whom we called."""

LegB: TypeAlias = Annotated[Literal["LEG-B"], _INVALID]
"""The second leg: bridged, or a meeting."""

ParticipantTag: TypeAlias = Annotated[Literal["LEG-A", "LEG-B"], _INVALID]
"""A leg by its tag: `LEG-A` is the first, `LEG-B` the bridged one or the meeting."""


class OnLeg(Action[R_co], Generic[R_co]):
    """An action that runs on one leg: by default the leg that the event is about."""

    call_id: CallId | None = None
    """The leg, by its `CallId`. Wins over `participant_tag`."""

    participant_tag: ParticipantTag | None = None
    """The leg, by its tag: `LEG-A` (the first) or `LEG-B` (bridged or meeting)."""


RecordedLeg: TypeAlias = Annotated[CallId, FailsWith("CallId parameter for action is invalid")]
"""A leg whose call is recorded: dg/start-call-recording words its refusal differently."""
