"""What `offhook explore` takes for granted at this desk: `[tool.offhook.explore]`."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from offhook.actions.fields import E164Number
from offhook.emulator.service.usual import A_CALLER


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Exploration(BaseModel):
    """Which calls are explored; a flag of the command beats what is said here."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    at: tuple[Annotated[datetime, AfterValidator(_in_utc)], ...] = ()
    """When calls come, in UTC unless it says; found, where nothing is said."""
    from_: Annotated[E164Number, Field(alias="from")] = A_CALLER
    """Who calls, or is called."""
    sip_headers: Mapping[str, str] = {}
    """Of the INVITE: name -> value."""
    outbound: bool = False
    """Whether calls that we make are explored as well."""
    arguments: Mapping[str, str] = {}
    """Arguments of those calls."""
    updates: tuple[Mapping[str, str], ...] = ()
    """Updates that may come: the arguments of each."""
    faults: Annotated[int, Field(ge=0)] = 1
    """Disturbances in a path, at most: an action that the service refuses, an update."""
    seconds: Annotated[float, Field(gt=0)] = 60.0
    """Of exploration, by the wall clock."""
