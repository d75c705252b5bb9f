"""Tells the ledger what becomes of the calls that were started with a key: a hook for the router.

    lambda_handler = Router()
    lambda_handler.around()(follow)

NEW_OUTBOUND_CALL proves that the call was placed, also when the service's answer was lost;
CALL_ANSWERED and HANGUP tell how it went on. A second call for a key, and one that was cancelled
before it was answered, end as soon as they are answered. Calls that come in cost nothing, but with
`lambda_handler.around()(live)`; those that we make without a key cost two reads; where
`OFFHOOK_LEDGER` is not set no call costs any.
"""

import os

from offhook.handler import events, log
from offhook.handler.arguments import CANCEL, OURS, key_of
from offhook.handler.errors import NoSuchCall
from offhook.handler.events import Event
from offhook.handler.fallbacks import Answer, Reply, hang_up_the_rest


def follow(event: Event, answer: Answer) -> Reply:
    """The hook. Whatever goes wrong with the ledger, the call goes on and the log says so."""
    if isinstance(event, events.CallUpdateRequested) and event.arguments.get(OURS) == CANCEL:
        return hang_up_the_rest(event)
    return answer(event) if event.leg_a.is_inbound else _tell(event, answer)


def live(event: Event, answer: Answer) -> Reply:
    """The hook for calls that come in, beside `follow`: while one is up, the number of who calls
    finds it. A caller waits for a ledger that is silent, twice half a second."""
    return _tell(event, answer) if event.leg_a.is_inbound else answer(event)


def _tell(event: Event, answer: Answer) -> Reply:
    must_end = ""
    if "OFFHOOK_LEDGER" in os.environ:
        try:
            must_end = _told(event)
        except NoSuchCall as error:
            log.warn(event, str(error))
        except Exception as error:
            log.fail(event, "the ledger was not told of this event", error)
    if must_end:
        log.warn(event, must_end)
        return hang_up_the_rest(event)
    return answer(event)


def _told(event: Event) -> str:
    """Why the call must end at once; empty where it goes on."""
    # Imported on first use: a call that comes in loads no boto3.
    from offhook.handler.calling.environment import ledger

    call, its_id = None, event.transaction_id
    match event:
        case events.NewInboundCall():
            ledger(is_brief=True).came_in(its_id, event.sip_media_application_id, event.other_party)
        case events.NewOutboundCall() if key := key_of(event.arguments):
            call = ledger().confirm(key, its_id)
        case events.CallAnswered():
            call = ledger().answered(its_id)
        case events.Hangup() if event.leg_a.is_inbound and not event.connected:
            ledger().left(its_id, event.sip_response_code)
        case events.Hangup() if event.leg is event.leg_a and not event.leg_a.is_inbound:
            ledger().ended(its_id, event.sip_response_code)
        case _:
            pass
    if call is None:
        return ""
    if call.transaction_id != its_id:
        return f"this is a second call for the key {call.key}: it is hung up"
    if call.is_cancelled:
        return f"the call {call.key} was cancelled: it is hung up"
    return ""
