"""Start, redirect and end calls, from a flow or from any Python code; never twice for one key.

    from offhook.handler import calls

    calls.start(key="appointment-4711", to_phone_number="+15550100199",
                from_phone_number="+15550100102", arguments_map=Reminder(...))

The settings are environment variables: `OFFHOOK_LEDGER` names the DynamoDB table,
`OFFHOOK_SIP_MEDIA_APPLICATION_ID` the application whose function runs the calls, and
`OFFHOOK_DIAL_...` the policy (`calling/dial_policy.py`). docs/calling-out.md has all of them.
"""

import os
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from pydantic import BaseModel

from offhook.actions.fields import E164
from offhook.handler.calling.call_record import OurCall
from offhook.handler.calling.dial_policy import DialPolicy
from offhook.handler.calling.dialler import (
    PATIENCE_SECONDS,
    REQUEST_SECONDS,
    Calls,
    of_the_ledger,
)
from offhook.handler.calling.ledger import Ledger
from offhook.handler.calling.requests import AskCall, CancelCall, RedirectCall, StartCall, make
from offhook.handler.errors import NotConfigured, RequestInvalid

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.config import Config
    from types_boto3_chime_sdk_voice.client import ChimeSDKVoiceClient


def start(
    *,
    key: str,
    to_phone_number: str,
    from_phone_number: str,
    arguments_map: Mapping[str, str] | BaseModel | None = None,
    sip_headers: Mapping[str, str] | None = None,
    sip_media_application_id: str | None = None,
    time_zone: str | None = None,
    patience_seconds: float = PATIENCE_SECONDS,
) -> OurCall:
    """The call of this key: a new one, or the one that it has. Raises `CallError`.

    `arguments_map` is a model of yours, or at most 19 pairs of strings; `time_zone` is where the
    callee is, where the number does not tell.
    """
    fields = {
        "key": key,
        "to_phone_number": to_phone_number,
        "from_phone_number": from_phone_number,
        "arguments_map": arguments_map or {},
        "sip_headers": sip_headers or {},
        "sip_media_application_id": sip_media_application_id,
        "time_zone": time_zone,
    }
    return configured().start(make(StartCall, fields), patience_seconds=patience_seconds)


def redirect(
    key: str,
    arguments: Mapping[str, str] | BaseModel,
    *,
    id: str | None = None,
    patience_seconds: float = PATIENCE_SECONDS,
) -> OurCall:
    """Tell the flow of the call of this key something. Raises `CallError`."""
    request = make(RedirectCall, {"key": key, "arguments": arguments, "id": id})
    return configured().redirect(request, patience_seconds=patience_seconds)


def cancel(key: str) -> OurCall:
    """Do not start the call of this key, or end it. Raises `CallError`."""
    return configured().cancel(make(CancelCall, {"key": key}))


def outcome(key: str) -> OurCall:
    """What is known of the call of this key. Raises `CallError`."""
    return configured().outcome(make(AskCall, {"key": key}))


@of_the_ledger
def do_not_call(phone_number: str) -> None:
    """Never dial this number, until `call_again`. Raises `CallError`."""
    number = _e164(phone_number)
    ledger().do_not_call.add(number)


@of_the_ledger
def call_again(phone_number: str) -> None:
    """The number may be dialled again, as far as the policy allows it. Raises `CallError`."""
    number = _e164(phone_number)
    ledger().do_not_call.remove(number)


def _e164(phone_number: str) -> str:
    """One telephone has one entry on the list. Raises `RequestInvalid`."""
    if re.fullmatch(E164, phone_number) is None:
        raise RequestInvalid("write the number in E.164: +, country code, number, no spaces")
    return phone_number


@cache
def configured() -> Calls:
    """What the environment variables say. Raises `NotConfigured`."""
    return Calls(
        client(),
        ledger(),
        DialPolicy.from_environment(os.environ),
        application=os.environ.get("OFFHOOK_SIP_MEDIA_APPLICATION_ID", ""),
        calls_per_second=_setting("OFFHOOK_CALLS_PER_SECOND", 1),
        updates_per_second=_setting("OFFHOOK_UPDATES_PER_SECOND", 5),
        calls_up=max(1, int(_setting("OFFHOOK_CALLS_UP", 10))),
    )


def client() -> "ChimeSDKVoiceClient":
    """A client that sends each request once only: one that botocore repeats is a second call.

    Each on a connection of its own: one that was kept open may have died while the execution was
    frozen, and then nobody could tell whether the request had arrived.
    """
    import boto3

    with _in_a_region():
        voice = boto3.client(  # pyright: ignore[reportUnknownMemberType] - an overload each
            "chime-sdk-voice", config=_patience(REQUEST_SECONDS, attempts=1)
        )
    voice.meta.events.register("before-send.chime-sdk-voice", _keep_no_connection)
    return voice


def _keep_no_connection(request: "AWSPreparedRequest", **_said: object) -> None:
    request.headers["Connection"] = "close"


@cache
def ledger() -> Ledger:
    """The table that the environment names. Raises `NotConfigured`."""
    import boto3

    table = os.environ.get("OFFHOOK_LEDGER", "")
    if not table:
        raise NotConfigured(
            "OFFHOOK_LEDGER is not set: it names the DynamoDB table that remembers which calls "
            "were started (template.yaml makes one; its key is the string pk)"
        )
    keep = _setting("OFFHOOK_LEDGER_DAYS", 30)
    with _in_a_region():
        dynamodb = boto3.client(  # pyright: ignore[reportUnknownMemberType] - an overload each
            "dynamodb", config=_patience(1.0, attempts=3)
        )
    return Ledger(dynamodb, table, keep_days=keep)


@contextmanager
def _in_a_region() -> Generator[None]:
    """Raises `NotConfigured` where none is named; in Lambda one always is."""
    from botocore.exceptions import NoRegionError

    try:
        yield
    except NoRegionError:
        raise NotConfigured("AWS_DEFAULT_REGION is not set: name the region of the calls") from None


def _patience(seconds: float, *, attempts: int) -> "Config":
    from botocore.config import Config

    return Config(
        connect_timeout=1.0,
        read_timeout=seconds,
        retries={"total_max_attempts": attempts, "mode": "standard"},
    )


def _setting(name: str, default: float) -> float:
    said = os.environ.get(name, "")
    try:
        value = float(said) if said else default
    except ValueError:
        value = 0
    if not 0 < value < float("inf"):
        raise NotConfigured(f"{name} is {said!r}: write a number above 0, as in {default:g}")
    return value
