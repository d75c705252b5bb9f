"""What the trigger is asked: start a call, redirect one, end one, or tell what became of it.

The fields are the parameters of the two APIs in snake case, with the limits of the service's model
(api/API_voice-chime_CreateSipMediaApplicationCall, ..._UpdateSipMediaApplicationCall).
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, TypeVar, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import from_json

from offhook.actions.fields import E164Number, SipHeaders
from offhook.handler.arguments import CANCEL, MAX_ARGUMENTS, OURS, arguments_of
from offhook.handler.calling.call_record import Standing
from offhook.handler.errors import RequestInvalid

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MAX_HEADERS = 20
"""Custom SIP headers in one request (api)."""

NAME = re.compile(r"[A-Za-z][A-Za-z_-]{0,40}|[0-9]{1,2}")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _no_control_characters(arguments: Mapping[str, str]) -> Mapping[str, str]:
    for name, value in arguments.items():
        if CONTROL.search(name) or CONTROL.search(value):
            said = f"the argument {name!r} holds a line break or another control character"
            raise ValueError(said)
    if arguments.get(OURS) == CANCEL:
        raise ValueError(f"the argument {OURS} is ours: to end a call, cancel it")
    if len(arguments.keys() - {OURS}) > MAX_ARGUMENTS - 1:
        raise ValueError(
            f"there are {len(arguments)} arguments: the service takes {MAX_ARGUMENTS} and one of "
            f"them, {OURS}, is ours. Keep a key to your own store, not the data"
        )
    return arguments


def _sent(model: object) -> object:
    return arguments_of(model) if isinstance(model, BaseModel) else model


KEYS = "1 to 128 letters, digits and . _ : = @ + -"
"""What a key is made of."""

KEY = "[A-Za-z0-9._:=@+-]{1,128}"

CAME_IN = "in:"
"""How the keys of calls that came in begin; the service's id of the call follows."""

Key: TypeAlias = Annotated[str, Field(pattern=f"^{KEY}$")]
"""What makes two requests the same request: 1 to 128 letters, digits and `. _ : = @ + -`.

Take what the call is about, as in `appointment-4711`, not a random value: two programs that start
the same call then have the same key. It shows in logs, so it should hold no phone number.
"""

Arguments: TypeAlias = Annotated[
    Mapping[str, str], BeforeValidator(_sent), AfterValidator(_no_control_characters)
]
"""String to string, at most 19 pairs; in Python, a pydantic model of yours as well."""

Id: TypeAlias = Annotated[str, Field(pattern=r"\S", max_length=256)]


class CallRequest(BaseModel):
    """What all requests share: nothing unknown is accepted."""

    model_config = {"frozen": True, "extra": "forbid", "hide_input_in_errors": True}


class StartCall(CallRequest):
    """Start a call; with a key that has one already, tell of that one."""

    operation: Literal["start"] = "start"
    key: Key
    to_phone_number: E164Number
    from_phone_number: E164Number
    """A number of ours."""
    arguments_map: Arguments = {}
    """What the flow is told with NEW_OUTBOUND_CALL; at most 19 pairs."""
    sip_headers: Annotated[SipHeaders, Field(max_length=MAX_HEADERS)] = {}
    """Headers of the INVITE: `X-...`, `User-to-User`, `Diversion`; at most 20."""
    sip_media_application_id: Id | None = None
    """The application whose function runs the call; unless given, the configured one."""
    time_zone: str | None = None
    """Where the callee is, as in `Europe/Berlin`; unless given, their number tells."""
    batch: Key | None = None
    """The list of calls that it is one of, as in `reminders-2027-03-06`."""

    @property
    def fingerprint(self) -> str:
        """The same for the same call, whatever the key."""
        said = (
            self.to_phone_number,
            self.from_phone_number,
            dict(self.arguments_map),
            dict(self.sip_headers),
            self.sip_media_application_id,
        )
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


class RedirectCall(CallRequest):
    """Tell the call's flow something: it gets CALL_UPDATE_REQUESTED."""

    operation: Literal["redirect"] = "redirect"
    key: Key
    arguments: Arguments
    """At most 19 pairs."""
    id: Key | None = None
    """Makes two redirections the same one: the second is not sent."""


class CancelCall(CallRequest):
    """Do not start the call, or end it; also one that nobody has asked for yet."""

    operation: Literal["cancel"] = "cancel"
    key: Key


class AskCall(CallRequest):
    """What is known of the call."""

    operation: Literal["outcome"] = "outcome"
    key: Key


Written: TypeAlias = Annotated[
    datetime,
    BeforeValidator(lambda said: datetime.fromisoformat(said) if isinstance(said, str) else said),
]
"""A moment in ISO 8601, and no number of seconds."""


class ListCalls(CallRequest):
    """What is known of the calls of a batch, or of those that are of none."""

    operation: Literal["list"] = "list"
    batch: Key | None = None
    state: Standing | None = None
    since: Written | None = None
    """Only those that were first asked for since then; `until`: before."""
    until: Written | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    next: Annotated[str, Field(pattern=rf"^\d+(\.\d+)?@{KEY}(~{KEY})?$")] | None = None


class OfNumber(CallRequest):
    """What is about a number that is not ours."""

    number: E164Number
    """Of who is on the line. Callers who withhold theirs are not found."""


class LiveCalls(OfNumber):
    """What is known of the calls with a number that are up, also of those that came in."""

    operation: Literal["live"] = "live"


AnyCall: TypeAlias = StartCall | RedirectCall | CancelCall | AskCall | ListCalls | LiveCalls

OPERATIONS = ("start", "redirect", "cancel", "outcome", "list", "live")

RequestT = TypeVar("RequestT", bound=CallRequest)
_ANY: TypeAdapter[AnyCall] = TypeAdapter(Annotated[AnyCall, Field(discriminator="operation")])


def read_request(said: object, **beside: str) -> AnyCall:
    """The request in a message or an invocation; `beside` are fields that stand beside its body.

    Raises `RequestInvalid`.
    """
    try:
        said = said.encode() if isinstance(said, str) else said
        body: object = from_json(said) if isinstance(said, bytes) else said
    except ValueError:
        raise RequestInvalid("the request: it is no JSON in UTF-8") from None
    if beside and not isinstance(body, dict):
        raise RequestInvalid("the body is no JSON object: send one")
    if isinstance(body, dict):
        for name in beside.keys() & cast("dict[str, object]", body).keys():
            raise RequestInvalid(f"{name}: there is no such field")
        body = {**cast("dict[str, object]", body), **beside}
    return _made(_ANY.validate_python, body)


def make(kind: type[RequestT], fields: Mapping[str, object]) -> RequestT:
    """A request of these fields. Raises `RequestInvalid`."""
    return _made(kind.model_validate, dict(fields))


def _made(validate: Callable[[object], RequestT], fields: object) -> RequestT:
    """What is wrong is told of which field, without the values: one may be a phone number."""
    try:
        return validate(fields)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        said = "; ".join(f"{_place(fault['loc'])}: {_said(fault)}" for fault in faults)
        if faults[0]["type"] == "union_tag_not_found":
            said = f"operation is missing: write {', '.join(OPERATIONS)}"
        raise RequestInvalid(said) from None


def _said(fault: "ErrorDetails") -> str:
    if fault["type"] == "string_pattern_mismatch":
        return KEYS if fault["loc"][-1] in ("key", "id") else "it is blank"
    said = {"missing": "it is missing", "extra_forbidden": "there is no such field"}
    return said.get(fault["type"], fault["msg"].removeprefix("Value error, "))


def _place(location: Sequence[int | str]) -> str:
    """Where it is. A name that is none of ours may be anything, also a whole form."""
    named = [str(part) for part in location if part not in OPERATIONS]
    if not all(NAME.fullmatch(part) for part in named):
        return "a field"
    return ".".join(named) or "the request"
