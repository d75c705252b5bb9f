"""Joins the flows: `lambda_handler` is what Lambda invokes, and what `make call` calls.

Each flow has a number of ours. Without one of its own (see the variables), it has the desk's.
"""

import os

from flows import clinic, opening_hours, reception, reminder, waiting_room
from offhook.handler import Router, follow, guarded_by, log

log.for_cloudwatch()  # in Lambda; plain lines at the desk


def number_of(flow: str, at_the_desk: str) -> str:
    """A flow's number of ours: what the template's `Numbers` says, or its number at the desk."""
    for said in os.environ.get("FLOW_NUMBERS", "").split(","):
        name, _, number = said.partition("=")
        if name == flow:
            return number or os.environ.get("LINE_NUMBER") or at_the_desk
    return at_the_desk


lambda_handler = Router()
lambda_handler.around()(follow)  # what becomes of the calls that the trigger starts
lambda_handler.check()(guarded_by(os.environ))  # whom callers may be bridged with
lambda_handler.include(opening_hours.router, our_number=number_of("opening_hours", "+15550100100"))
lambda_handler.include(reception.router, our_number=number_of("reception", "+15550100101"))
lambda_handler.include(reminder.router, our_number=number_of("reminder", "+15550100102"))
lambda_handler.include(waiting_room.router, our_number=number_of("waiting_room", "+15550100103"))
lambda_handler.include(clinic.router, our_number=number_of("clinic", "+15550100104"))
