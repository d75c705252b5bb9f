"""Start, redirect and end calls, from a flow or from any Python code; never twice for one key.

    from offhook.handler import calls

    calls.start(key="appointment-4711", to_phone_number="+15550100199",
                from_phone_number="+15550100102", arguments_map=Reminder(...))

The settings are environment variables: `OFFHOOK_LEDGER` names the DynamoDB table,
`OFFHOOK_SIP_MEDIA_APPLICATION_ID` the application whose function runs the calls, and
`OFFHOOK_DIAL_...` the policy (offhook.handler.dial_policy). docs/calling-out.md has all of them.
"""

import os
import random
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import BaseModel

from offhook.handler.allowances import Cap
from offhook.handler.arguments import OURS, with_key
from offhook.handler.call_record import Call
from offhook.handler.dial_policy import DialPolicy
from offhook.handler.errors import (
    Busy,
    CallError,
    NoSuchCall,
    NotConfigured,
    Unknown,
    Unsettled,
)
from offhook.handler.ledger import Ledger
from offhook.handler.pace import Pace
from offhook.handler.requests import AskCall, CancelCall, RedirectCall, StartCall, make
from offhook.handler.service_errors import NotFoundException, ServiceError, sent

if TYPE_CHECKING:
    from botocore.config import Config
    from types_boto3_chime_sdk_voice.client import ChimeSDKVoiceClient

CANCEL: Final = "cancel"
"""What our pair says when a call is to end (offhook.handler.outcomes reads it)."""

PATIENCE_SECONDS: Final = 10.0
"""How long a request waits for its turn and for what becomes of it, unless it says otherwise."""

REQUEST_SECONDS: Final = 5.0
"""How long the service may take to answer a request."""

ASK_SECONDS: Final = 0.25
"""How often the ledger is asked whether a call has told of itself."""

JITTER: Final = random.SystemRandom()
"""Of the machine's: a snapshot holds the state of `random`, the same for all that start from it."""

T = TypeVar("T")


class Calls:
    """Starts and redirects calls of one account and region."""

    def __init__(
        self,
        voice: "ChimeSDKVoiceClient",
        ledger: Ledger,
        policy: DialPolicy,
        *,
        application: str = "",
        calls_per_second: float = 1,
        updates_per_second: float = 5,
        calls_up: int = 10,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """The rates and `calls_up`, the calls that may be up at once, are the account's quotas.

        `voice` must send each request once only (`client` makes such a one): botocore's own
        retries would dial twice.
        """
        self._voice = voice
        self._ledger = ledger
        self._policy = policy
        self._application = application
        self._calls_up = calls_up
        self._sleep = sleep
        pace = (ledger.client, ledger.table)
        self._to_start = Pace(*pace, "start", calls_per_second, now=ledger.now, sleep=sleep)
        self._to_redirect = Pace(*pace, "redirect", updates_per_second, now=ledger.now, sleep=sleep)

    def start(self, request: StartCall, *, patience_seconds: float = PATIENCE_SECONDS) -> Call:
        """The call of this key: a new one, or the one that it has.

        Raises `CallError`. After `Unsettled` ask again, with the same key; after `Unknown` nobody
        will ever know. All others mean that nothing was dialled.
        """
        deadline = self._ledger.now() + patience_seconds
        application = request.sip_media_application_id or self._application
        if not application:
            raise NotConfigured(
                "no application was named: give sip_media_application_id, or set "
                "OFFHOOK_SIP_MEDIA_APPLICATION_ID"
            )
        held = self._ledger.reserve(request.key, request.fingerprint, application)
        if isinstance(held, Call):
            return self._settled(held, deadline)
        caps: tuple[Cap, ...] = ()
        try:
            caps = self._policy.check(
                to=request.to_phone_number,
                from_=request.from_phone_number,
                now=datetime.fromtimestamp(self._ledger.now(), UTC),
                time_zone=request.time_zone,
            )
            self._to_start.wait(deadline - self._ledger.now())
            self._ledger.dial(held, to=request.to_phone_number, caps=caps, most_up=self._calls_up)
            return self._dial(request, application, deadline)
        except Unsettled:
            raise
        except CallError as error:
            if not isinstance(error, ServiceError) or error.is_refusal:
                self._ledger.refuse(held, type(error).__name__, caps)
                raise
            return self._settled(self._ledger.read(request.key), deadline, error)

    def redirect(
        self, request: RedirectCall, *, patience_seconds: float = PATIENCE_SECONDS
    ) -> Call:
        """Tell the call's flow something; it gets CALL_UPDATE_REQUESTED.

        Raises `CallError`: `NoSuchCall` when the call is over, `Unsettled` while nobody knows
        whether it was placed. With an `id`, a second request of the same does nothing.
        """
        deadline = self._ledger.now() + patience_seconds
        call = self._ledger.read(request.key)
        _must_be_up(call)
        if request.id is not None and not self._ledger.is_new_redirection(call.key, request.id):
            return call
        try:
            self._update(call, dict(request.arguments), deadline)
        except CallError as error:
            was_sent = isinstance(error, ServiceError) and not error.is_refusal
            if request.id is not None and not was_sent:
                self._ledger.forget_redirection(call.key, request.id)
            raise
        return call

    def cancel(self, request: CancelCall, *, patience_seconds: float = PATIENCE_SECONDS) -> Call:
        """Never dial a call that was not dialled yet, and end one that was.

        The service ends no call before it is answered: a call that is ringing ends as soon as
        somebody answers it. Raises `CallError`.
        """
        call = self._ledger.cancel(request.key)
        if call.may_be_up and call.transaction_id is not None:
            deadline = self._ledger.now() + patience_seconds
            try:
                self._update(call, {OURS: CANCEL}, deadline)
            except NotFoundException:
                return self._ledger.read(request.key)
        return call

    def outcome(self, request: AskCall) -> Call:
        """What is known of a call. Raises `NoSuchCall`."""
        call = self._ledger.read(request.key)
        if call.state == "dialling" and not self._ledger.is_settling(call):
            return self._ledger.give_up(call)
        return call

    def _dial(self, request: StartCall, application: str, deadline: float) -> Call:
        def send() -> str:
            answer = self._voice.create_sip_media_application_call(
                FromPhoneNumber=request.from_phone_number,
                ToPhoneNumber=request.to_phone_number,
                SipMediaApplicationId=application,
                SipHeaders=dict(request.sip_headers),
                ArgumentsMap=with_key(request.arguments_map, request.key),
            )
            found = answer["SipMediaApplicationCall"].get("TransactionId")
            if not found:
                raise KeyError("the answer holds no TransactionId")
            return found

        return self._ledger.accept(request.key, self._sent(send, self._to_start, deadline))

    def _update(self, call: Call, arguments: dict[str, str], deadline: float) -> None:
        def send() -> None:
            self._voice.update_sip_media_application_call(
                SipMediaApplicationId=call.sip_media_application_id or self._application,
                TransactionId=call.transaction_id or "",
                Arguments=arguments,
            )

        self._to_redirect.wait(deadline - self._ledger.now())
        self._sent(send, self._to_redirect, deadline)

    def _sent(self, send: Callable[[], T], pace: Pace, deadline: float) -> T:
        """Send it; again, as long as it was only refused for a moment. Raises `ServiceError`."""
        for tries in range(1, 100):
            try:
                return sent(send)
            except ServiceError as error:
                pause = JITTER.uniform(0.5, 1) * 2 ** (tries - 1)
                left = deadline - self._ledger.now() - pause - REQUEST_SECONDS
                if not (error.is_refusal and error.is_temporary) or left < 0:
                    raise
                self._sleep(pause)
                pace.wait(left)
        raise AssertionError("the pauses grow past any deadline")

    def _settled(self, call: Call, deadline: float, error: CallError | None = None) -> Call:
        """The call, as soon as it tells of itself. Raises `Unsettled`, `Unknown`, and `Busy` when
        the execution that was about to dial it did not."""
        while call.state == "dialling" and self._ledger.now() + ASK_SECONDS < deadline:
            self._sleep(ASK_SECONDS)
            call = self._ledger.read(call.key)
        if call.state == "dialling" and not self._ledger.is_settling(call):
            call = self._ledger.give_up(call)
        if call.state in ("refused", "reserved"):
            raise Busy(
                f"{call.key} was not dialled: another execution tried, and was refused",
                retry_after_seconds=1,
            )
        said = f" The service said {error}" if error is not None else ""
        if call.state == "dialling":
            raise Unsettled(
                f"nobody knows yet whether {call.key} was dialled: ask again with the same key."
                f"{said}",
                retry_after_seconds=15,
            )
        if call.state == "unknown":
            raise Unknown(
                f"nobody knows whether {call.key} was dialled: the request was sent, no answer "
                f"came, and the call has not told of itself. It is not dialled again.{said}"
            )
        return call


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
) -> Call:
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
) -> Call:
    """Tell the flow of the call of this key something. Raises `CallError`."""
    request = make(RedirectCall, {"key": key, "arguments": arguments, "id": id})
    return configured().redirect(request, patience_seconds=patience_seconds)


def cancel(key: str) -> Call:
    """Do not start the call of this key, or end it. Raises `CallError`."""
    return configured().cancel(make(CancelCall, {"key": key}))


def outcome(key: str) -> Call:
    """What is known of the call of this key. Raises `CallError`."""
    return configured().outcome(make(AskCall, {"key": key}))


def do_not_call(phone_number: str) -> None:
    """Never dial this number, until `call_again`."""
    ledger().allowances.do_not_call(phone_number)


def call_again(phone_number: str) -> None:
    """The number may be dialled again, as far as the policy allows it."""
    ledger().allowances.call_again(phone_number)


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
        calls_up=int(_setting("OFFHOOK_CALLS_UP", 10)),
    )


def client() -> "ChimeSDKVoiceClient":
    """A client that sends each request once only: one that botocore repeats is a second call."""
    import boto3

    with _in_a_region():
        return boto3.client(  # pyright: ignore[reportUnknownMemberType] - an overload each
            "chime-sdk-voice", config=_patience(REQUEST_SECONDS, attempts=1)
        )


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
    if value <= 0:
        raise NotConfigured(f"{name} is {said!r}: write a number above 0, as in {default:g}")
    return value


def _must_be_up(call: Call) -> None:
    if call.state == "ended":
        raise NoSuchCall(
            f"the call {call.key} has ended ({call.outcome}): nothing is left to redirect"
        )
    if not call.may_be_up:
        raise NoSuchCall(f"the call {call.key} was never dialled: it is {call.state}")
    if call.transaction_id is None:
        raise Unsettled(
            f"nobody knows yet whether {call.key} was dialled: ask again", retry_after_seconds=15
        )
