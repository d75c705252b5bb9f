"""What a page says on its line, apart from sound."""

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from offhook.actions.fields import E164Number
from offhook.emulator.media.browser import Reads
from offhook.emulator.server.desk.endpoint import Asked, Cannot, Moment


class Be(Asked):
    """The page's phone has this number: whoever calls it rings there."""

    do: Literal["be"]
    number: E164Number


class Dial(Asked):
    """It calls one of our numbers."""

    do: Literal["dial"]
    to: E164Number
    at: Moment | None = None
    """When, by the clock of the call; now by default. UTC unless it says."""
    sip_headers: Mapping[str, str] = Field(default_factory=dict[str, str])


class Answer(Asked):
    """Whoever has the telephone picks up."""

    do: Literal["answer"]


class Decline(Asked):
    """Whoever has the telephone refuses the call."""

    do: Literal["decline"]
    sip_response_code: Annotated[int, Field(ge=400, le=699)] = 486


class Press(Asked):
    """It presses a key."""

    do: Literal["press"]
    key: Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]


class Say(Asked):
    """It says words, for those without a microphone."""

    do: Literal["say"]
    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class Types(Asked):
    """Words are being typed, or not any more: meanwhile nobody is silent."""

    do: Literal["type"]
    is_typing: bool


class HangUp(Asked):
    """It hangs up, or gives up."""

    do: Literal["hang_up"]


class PickUp(Asked):
    """It answers a leg that rings where nobody is on a phone."""

    do: Literal["pick_up"]
    transaction_id: str
    tag: Literal["LEG-A", "LEG-B"]


class Watch(Asked):
    """The page shows this call; none where it is empty."""

    do: Literal["watch"]
    transaction_id: str


class Map(Asked):
    """The map of the line that a call is on: it is explored now, in the background."""

    do: Literal["map"]
    transaction_id: str


class Read(Asked):
    """Who reads words aloud from the next call on."""

    do: Literal["read"]
    who: Reads


class Spoken(Asked):
    """The browser's voice has said what it was asked to say."""

    do: Literal["spoken"]
    number: int


Said: TypeAlias = (
    Be
    | Dial
    | Answer
    | Decline
    | Press
    | Say
    | Types
    | HangUp
    | PickUp
    | Watch
    | Map
    | Read
    | Spoken
)
_ADAPTER: TypeAdapter[Said] = TypeAdapter(Annotated[Said, Field(discriminator="do")])


def read(text: str) -> Said:
    """What a text frame says. Raises `Cannot`, which says what is wrong with it."""
    try:
        return _ADAPTER.validate_json(text)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(each) for each in fault["loc"][1:])
        raise Cannot(f"{where}: {fault['msg']}" if where else fault["msg"]) from None
