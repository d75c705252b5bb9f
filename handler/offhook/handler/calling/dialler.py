"""Places calls through the ledger, and redirects them: what `offhook.handler.calls` is made of."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal, TypeVar
from uuid import uuid4

from offhook.handler.arguments import CANCEL, OURS, with_key
from offhook.handler.calling.call_record import OurCall
from offhook.handler.calling.caps import Cap
from offhook.handler.calling.dial_policy import DialPolicy
from offhook.handler.calling.ledger import Attempt, Ledger
from offhook.handler.calling.pace import Pace
from offhook.handler.calling.requests import AskCall, CancelCall, RedirectCall, StartCall
from offhook.handler.calling.service_errors import (
    ChimeError,
    NotFoundException,
    of_the_ledger,
    sent,
)
from offhook.handler.calling.table import JITTER, Sleep, is_recent, number, text
from offhook.handler.errors import Busy, CallError, NoSuchCall, NotConfigured, Unknown, Unsettled

if TYPE_CHECKING:
    from types_boto3_chime_sdk_voice.client import ChimeSDKVoiceClient

PATIENCE_SECONDS: Final = 10.0
"""How long a request waits for its turn and for what becomes of it, unless it says otherwise."""

REQUEST_SECONDS: Final = 5.0
"""How long the service may take to answer a request."""

SENDING_SECONDS: Final = 60
"""So long another execution may be sending a redirection."""

ASK_SECONDS: Final = 0.25
"""How often the ledger is asked whether a call has told of itself."""

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
        sleep: Sleep = time.sleep,
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
        self._to_start = Pace(ledger.table, "start", calls_per_second, sleep=sleep)
        self._to_redirect = Pace(ledger.table, "redirect", updates_per_second, sleep=sleep)

    @of_the_ledger()
    def start(self, request: StartCall, *, patience_seconds: float = PATIENCE_SECONDS) -> OurCall:
        """The call of this key: a new one, or the one that it has.

        Raises `CallError`. After `Unsettled` and `LedgerFailed` ask again, with the same key; after
        `Unknown` nobody will ever know. All others mean that nothing was dialled.
        """
        deadline = self._ledger.now() + patience_seconds
        application = request.sip_media_application_id or self._application
        if not application:
            raise NotConfigured(
                "no application was named: give sip_media_application_id, or set "
                "OFFHOOK_SIP_MEDIA_APPLICATION_ID"
            )
        held = self._ledger.reserve(request.key, request.fingerprint, application, request.batch)
        if isinstance(held, OurCall):
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
            if not isinstance(error, ChimeError) or error.is_refusal:
                self._ledger.refuse(held, error, caps)
                raise
            return self._settled(self._ledger.read(request.key), deadline, error)

    @of_the_ledger()
    def redirect(
        self, request: RedirectCall, *, patience_seconds: float = PATIENCE_SECONDS
    ) -> OurCall:
        """Tell the call's flow something; it gets CALL_UPDATE_REQUESTED.

        Raises `CallError`: `NoSuchCall` when the call is over, `Unsettled` while nobody knows
        whether it was placed. With an `id` it is sent at most once: asked for again, it does
        nothing where it was sent, and raises `Unknown` where nobody knows whether it was.
        """
        deadline = self._ledger.now() + patience_seconds
        call = self._ledger.give_up(self._ledger.read(request.key))
        noted = self._note(call.key, request.id) if request.id else None
        if request.id and noted is None:
            return call
        try:
            _must_be_up(call)
            self._update(call, dict(request.arguments), deadline)
        except CallError as error:
            may_be_sent = isinstance(error, ChimeError) and not error.is_refusal
            if noted is not None and not may_be_sent:
                self._mark(noted, "refused")
            raise
        if noted is not None:
            self._mark(noted, "sent")
        return call

    @of_the_ledger()
    def cancel(self, request: CancelCall, *, patience_seconds: float = PATIENCE_SECONDS) -> OurCall:
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
            except ChimeError as error:  # a second time does no harm
                error.retry_after_seconds = error.retry_after_seconds or 5
                raise
        return call

    @of_the_ledger()
    def outcome(self, request: AskCall) -> OurCall:
        """What is known of a call. Raises `NoSuchCall`, `LedgerFailed`."""
        return self._ledger.give_up(self._ledger.read(request.key))

    def _dial(self, request: StartCall, application: str, deadline: float) -> OurCall:
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

        found = self._sent(send, self._to_start, deadline, request)
        return self._ledger.accept(request.key, found)

    def _update(self, call: OurCall, arguments: dict[str, str], deadline: float) -> None:
        def send() -> None:
            self._voice.update_sip_media_application_call(
                SipMediaApplicationId=call.sip_media_application_id or self._application,
                TransactionId=call.transaction_id or "",
                Arguments=arguments,
            )

        self._to_redirect.wait(deadline - self._ledger.now())
        self._sent(send, self._to_redirect, deadline)

    def _note(self, key: str, its_id: str) -> Attempt | None:
        """The right to send a redirection; `None` when it was sent. Once noted, and not marked as
        sent or refused, it may have been sent, and never is again: `Unsettled`, `Unknown`."""
        table, now = self._ledger.table, self._ledger.now()
        noted = Attempt(key=f"redirection#{key}#{its_id}", id=uuid4().hex)
        is_mine, found = table.update(
            noted.key,
            "attribute_not_exists(pk) OR #state = :refused",
            {"refused": "refused"},
            state="noted",
            attempt=noted.id,
            noted_at=now,
            expires_at=round(now + self._ledger.keep_seconds),
        )
        if is_mine or text(found, "attempt") == noted.id:
            return noted  # or DynamoDB took it, the answer was lost, and botocore asked again
        if text(found, "state") == "sent":
            return None
        if is_recent(number(found, "noted_at"), now, SENDING_SECONDS):
            raise Unsettled("another execution is sending this redirection", retry_after_seconds=15)
        raise Unknown(
            "nobody knows whether this redirection was sent: it was begun, and nothing has told "
            "how it ended. It is not sent again; send it under another id if it may come twice"
        )

    def _mark(self, noted: Attempt, state: Literal["sent", "refused"]) -> None:
        self._ledger.table.update(noted.key, "attempt = :mine", {"mine": noted.id}, state=state)

    def _sent(
        self, send: Callable[[], T], pace: Pace, deadline: float, start: StartCall | None = None
    ) -> T:
        """Send it; again, as long as it was only refused for a moment, and the call that it is to
        `start` is not off meanwhile. Raises `ChimeError`."""
        for tries in range(1, 100):
            try:
                return sent(send)
            except ChimeError as error:
                pause = JITTER.uniform(0.5, 1) * 2 ** (tries - 1)
                left = deadline - self._ledger.now() - pause - REQUEST_SECONDS
                if not (error.is_refusal and error.is_temporary) or left < 0:
                    raise
                self._sleep(pause)
                if start and self._ledger.is_off(start.key, start.to_phone_number):
                    raise
                pace.wait(left)
        raise AssertionError("the pauses grow past any deadline")

    def _settled(self, call: OurCall, deadline: float, error: CallError | None = None) -> OurCall:
        """The call, as soon as it tells of itself. Raises `Unsettled`, `Unknown`, and `Busy` when
        the execution that was about to dial it did not."""
        while call.state == "dialling" and self._ledger.now() + ASK_SECONDS < deadline:
            self._sleep(ASK_SECONDS)
            call = self._ledger.read(call.key)
        call = self._ledger.give_up(call)
        if call.state in ("waiting", "refused", "reserved"):
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
                "came, and the call has not told of itself (see that the call function has "
                f"OFFHOOK_LEDGER, and its router the hook `follow`). It is not dialled again.{said}"
            )
        if call.state == "ended":
            advice = f"{call.key} is never dialled again: another call needs a key of its own"
            return call.model_copy(update={"advice": advice})
        return call


def _must_be_up(call: OurCall) -> None:
    if call.state == "ended":
        raise NoSuchCall(
            f"the call {call.key} has ended ({call.outcome}): nothing is left to redirect"
        )
    if not call.may_be_up:
        raise NoSuchCall(f"the call {call.key} was never dialled: it is {call.state}")
    if call.state == "unknown":
        raise Unknown(f"nobody knows whether {call.key} was dialled: there is nothing to redirect")
    if call.transaction_id is None:
        raise Unsettled(
            f"nobody knows yet whether {call.key} was dialled: ask again", retry_after_seconds=15
        )
