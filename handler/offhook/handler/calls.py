"""Start, redirect and end calls, from a flow or from any Python code; never twice for one key.

    from offhook.handler import calls

    calls.start(key="appointment-4711", to_phone_number="+15550100199",
                from_phone_number="+15550100102", arguments_map=Reminder(...))

The settings are environment variables: `OFFHOOK_LEDGER` names the DynamoDB table,
`OFFHOOK_SIP_MEDIA_APPLICATION_ID` the application whose function runs the calls, and
`OFFHOOK_DIAL_...` the policy (`calling/dial_policy.py`). docs/calling-out.md has all of them.
"""

import os
from collections.abc import Mapping

from pydantic import BaseModel

from offhook.handler import log
from offhook.handler.calling import requests
from offhook.handler.calling.call_record import OurCall
from offhook.handler.calling.dialler import PATIENCE_SECONDS
from offhook.handler.calling.environment import configured, ledger
from offhook.handler.calling.service_errors import of_the_ledger
from offhook.handler.event import Event


def start(
    *,
    key: str,
    to_phone_number: str,
    from_phone_number: str,
    arguments_map: Mapping[str, str] | BaseModel | None = None,
    sip_headers: Mapping[str, str] | None = None,
    sip_media_application_id: str | None = None,
    time_zone: str | None = None,
    batch: str | None = None,
    patience_seconds: float = PATIENCE_SECONDS,
) -> OurCall:
    """The call of this key: a new one, or the one that it has. Raises `CallError`.

    `arguments_map` is a model of yours, or at most 19 pairs of strings; `time_zone` is where the
    callee is, where the number does not tell; `batch` names the list that the call is one of.
    """
    fields = {
        "key": key,
        "to_phone_number": to_phone_number,
        "from_phone_number": from_phone_number,
        "arguments_map": arguments_map or {},
        "sip_headers": sip_headers or {},
        "sip_media_application_id": sip_media_application_id,
        "time_zone": time_zone,
        "batch": batch,
    }
    return configured().start(
        requests.make(requests.StartCall, fields), patience_seconds=patience_seconds
    )


def redirect(
    key: str,
    arguments: Mapping[str, str] | BaseModel,
    *,
    id: str | None = None,
    patience_seconds: float = PATIENCE_SECONDS,
) -> OurCall:
    """Tell the flow of the call of this key something. Raises `CallError`."""
    request = requests.make(requests.RedirectCall, {"key": key, "arguments": arguments, "id": id})
    return configured().redirect(request, patience_seconds=patience_seconds)


def cancel(key: str) -> OurCall:
    """Do not start the call of this key, or end it. Raises `CallError`."""
    return configured().cancel(requests.make(requests.CancelCall, {"key": key}))


def outcome(key: str) -> OurCall:
    """What is known of the call of this key. Raises `CallError`."""
    return configured().outcome(requests.make(requests.AskCall, {"key": key}))


def keep(event: Event, said: str) -> None:
    """Keep what came of this call, in a word of yours as in `confirmed`, beside its outcome.

    Of a call without a key it is kept nowhere. Raises nothing: a failure is in the log.
    """
    if "OFFHOOK_LEDGER" in os.environ and not event.leg_a.is_inbound:
        try:
            ledger().keep(event.transaction_id, said)
        except Exception as error:
            log.fail(event, "the ledger does not keep what was said", error)


@of_the_ledger()
def stop() -> None:
    """Dial nobody until `go`: what is asked for waits, and calls that are up go on."""
    ledger().stop()


@of_the_ledger()
def go() -> None:
    """Dial again after `stop`. Raises `CallError`."""
    ledger().go()


@of_the_ledger()
def do_not_call(phone_number: str) -> None:
    """Never dial this number, until `call_again`. Raises `CallError`."""
    asked = requests.make(requests.OfNumber, {"number": phone_number})
    ledger().stop(asked.number)


@of_the_ledger()
def call_again(phone_number: str) -> None:
    """The number may be dialled again, as far as the policy allows it. Raises `CallError`."""
    asked = requests.make(requests.OfNumber, {"number": phone_number})
    ledger().go(asked.number)
