"""Joins the flows: `lambda_handler` is what Lambda invokes, and what `make call` calls.

Each flow has a number of ours. Without one of its own (see the variables), it has the desk's.
"""

import os

from flows import opening_hours, reception, reminder, waiting_room
from offhook.handler import Router, follow, guarded_by, log

log.for_cloudwatch()  # in Lambda; plain lines at the desk


def number_of(flow: str, at_the_desk: str) -> str:
    """A flow's number of ours: the template's parameter, or its number at the desk."""
    return os.environ.get(flow) or at_the_desk


lambda_handler = Router()
lambda_handler.around()(follow)  # what becomes of the calls that the trigger starts
lambda_handler.check()(guarded_by(os.environ))  # whom callers may be bridged with
lambda_handler.include(
    opening_hours.router, our_number=number_of("OPENING_HOURS_NUMBER", "+15550100100")
)
lambda_handler.include(reception.router, our_number=number_of("RECEPTION_NUMBER", "+15550100101"))
lambda_handler.include(reminder.router, our_number=number_of("REMINDER_NUMBER", "+15550100102"))
lambda_handler.include(
    waiting_room.router, our_number=number_of("WAITING_ROOM_NUMBER", "+15550100103")
)
