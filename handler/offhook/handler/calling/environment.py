"""What the environment says of calling out: the dialler, the ledger, the clients of AWS."""

import os
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from offhook.handler.calling.dial_policy import DialPolicy
from offhook.handler.calling.dialler import REQUEST_SECONDS, Calls
from offhook.handler.calling.ledger import Ledger
from offhook.handler.errors import NotConfigured

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from types_boto3_chime_sdk_voice.client import ChimeSDKVoiceClient

LEDGER_SECONDS: Final = 1.0
"""How long the ledger may take to answer, each of three times."""


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
    """A client that sends each request once only, on a connection of its own: one that botocore
    repeats is a second call, and one on a connection that has died may have arrived."""
    voice: ChimeSDKVoiceClient = _client("chime-sdk-voice", REQUEST_SECONDS, attempts=1)
    voice.meta.events.register("before-send.chime-sdk-voice", _keep_no_connection)
    return voice


def _keep_no_connection(request: "AWSPreparedRequest", **_said: object) -> None:
    request.headers["Connection"] = "close"


@cache
def ledger(is_brief: bool = False) -> Ledger:
    """The table that the environment names; brief where a caller waits. Raises `NotConfigured`."""
    table = os.environ.get("OFFHOOK_LEDGER", "")
    if not table:
        raise NotConfigured(
            "OFFHOOK_LEDGER is not set: it names the DynamoDB table that remembers which calls "
            "were started (template.yaml makes one; its key is the string pk)"
        )
    keep = _setting("OFFHOOK_LEDGER_DAYS", 30)
    seconds, attempts = (LEDGER_SECONDS / 2, 2) if is_brief else (LEDGER_SECONDS, 3)
    return Ledger(_client("dynamodb", seconds, attempts=attempts), table, keep_days=keep)


def _client(
    service: Literal["chime-sdk-voice", "dynamodb"], seconds: float, *, attempts: int
) -> Any:
    """A client that waits so long for each answer. Raises `NotConfigured` where no region is named;
    in Lambda one always is."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import NoRegionError

    patience = Config(
        connect_timeout=min(seconds, 1.0),
        read_timeout=seconds,
        retries={"total_max_attempts": attempts, "mode": "standard"},
    )
    try:  # an overload each
        return boto3.client(service, config=patience)  # pyright: ignore[reportUnknownMemberType]
    except NoRegionError:
        raise NotConfigured("AWS_DEFAULT_REGION is not set: name the region of the calls") from None


def _setting(name: str, default: float) -> float:
    said = os.environ.get(name, "")
    try:
        value = float(said) if said else default
    except ValueError:
        value = 0
    if not 0 < value < float("inf"):
        raise NotConfigured(f"{name} is {said!r}: write a number above 0, as in {default:g}")
    return value
