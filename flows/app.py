"""Joins the flows: `lambda_handler` is what Lambda invokes, and what `make call` calls.

Each flow has a number of ours. Without one of its own (see the variables), it has the desk's.
"""

import os

from flows import opening_hours, reception, reminder, waiting_room
from offhook.handler import Router

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:  # JSON for CloudWatch; plain lines at the desk
    from aws_lambda_powertools import Logger
    from aws_lambda_powertools.logging.utils import copy_config_to_registered_loggers

    copy_config_to_registered_loggers(Logger(service="workshop"), include={"offhook"})

lambda_handler = Router()
lambda_handler.include(
    opening_hours.router, our_number=os.environ.get("OPENING_HOURS_NUMBER", "+15550100100")
)
lambda_handler.include(
    reception.router, our_number=os.environ.get("RECEPTION_NUMBER", "+15550100101")
)
lambda_handler.include(
    reminder.router, our_number=os.environ.get("REMINDER_NUMBER", "+15550100102")
)
lambda_handler.include(
    waiting_room.router, our_number=os.environ.get("WAITING_ROOM_NUMBER", "+15550100103")
)
