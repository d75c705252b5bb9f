"""A flow whose callers can be found: it keeps them on the line, and says what it is told."""

from offhook.actions import Pause, Speak
from offhook.handler import CallUpdateRequested, NewInboundCall, Reply, Router, follow, live

lambda_handler = Router()
lambda_handler.around()(follow)
lambda_handler.around()(live)

MINUTES = [Pause(duration_in_milliseconds=30_000) for _ in range(9)]


@lambda_handler.new_inbound_call()
def welcome(_event: NewInboundCall) -> Reply:
    return [Speak(text="One moment."), *MINUTES]


@lambda_handler.call_update_requested()
def told(event: CallUpdateRequested) -> Reply:
    return [Speak(text=f"Please go to {event.arguments['place']}."), *MINUTES]
