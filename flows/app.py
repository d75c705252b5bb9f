"""Joins the flows: `lambda_handler` is what Lambda invokes, and what `make call` calls."""

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.utils import copy_config_to_registered_loggers

from flows import opening_hours
from offhook.handler import Router

copy_config_to_registered_loggers(Logger(service="workshop"), include={"offhook"})

lambda_handler = Router()
lambda_handler.include(opening_hours.router)
