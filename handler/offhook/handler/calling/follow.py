"""Tells the ledger what becomes of the calls that were started with a key: a hook for the router.

    lambda_handler = Router()
    lambda_handler.around()(follow)

NEW_OUTBOUND_CALL proves that the call was placed, also when the service's answer was lost;
CALL_ANSWERED and HANGUP tell how it went on. A second call for a key, and one that was cancelled
before it was answered, end as soon as they are answered. Calls that come in cost nothing; those
that we make without a key cost two reads; where `OFFHOOK_LEDGER` is not set no call costs any.
"""

import os
from typing import TYPE_CHECKING

from offhook.handler import log
from offhook.handler.arguments import CANCEL, OURS, key_of
from offhook.handler.errors import NoSuchCall
from offhook.handler.events import CallAnswered, CallUpdateRequested, Event, NewOutboundCall
from offhook.handler.events import Hangup as HangupEvent
from offhook.handler.fallbacks import Answer, Reply, hang_up_the_rest

if TYPE_CHECKING:
    from offhook.handler.calling.call_record import OurCall


def follow(event: Event, answer: Answer) -> Reply:
    """The hook. Whatever goes wrong with the ledger, the call goes on and the log says so."""
    if isinstance(event, CallUpdateRequested) and event.arguments.get(OURS) == CANCEL:
        return hang_up_the_rest(event)
    if event.leg_a.is_inbound or "OFFHOOK_LEDGER" not in os.environ:
        return answer(event)
    try:
        must_end = _told(event)
    except Exception as error:
        log.fail(event, "the ledger was not told of this event", error)
        return answer(event)
    if must_end:
        log.warn(event, must_end)
        return hang_up_the_rest(event)
    return answer(event)


def _told(event: Event) -> str:
    """Why the call must end at once; empty where it goes on."""
    # Imported on first use: a call that comes in loads no boto3.
    from offhook.handler.calling.environment import ledger

    call: OurCall | None = None
    if isinstance(event, NewOutboundCall):
        try:
            if key := key_of(event.arguments):
                call = ledger().confirm(key, event.transaction_id)
        except NoSuchCall as error:
            log.warn(event, str(error))
    elif isinstance(event, CallAnswered):
        call = ledger().answered(event.transaction_id)
    elif isinstance(event, HangupEvent) and event.leg is event.leg_a:
        ledger().ended(event.transaction_id, event.sip_response_code)
    if call is None:
        return ""
    if call.transaction_id != event.transaction_id:
        return f"this is a second call for the key {call.key}: it is hung up"
    if call.is_cancelled:
        return f"the call {call.key} was cancelled: it is hung up"
    return ""
