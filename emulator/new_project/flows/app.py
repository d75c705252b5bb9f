"""Joins the flows: `lambda_handler` is what Lambda invokes, and what `make call` calls."""

import os

from flows import hello
from offhook.handler import Router

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:  # JSON for CloudWatch; plain lines at the desk
    from aws_lambda_powertools import Logger
    from aws_lambda_powertools.logging.utils import copy_config_to_registered_loggers

    copy_config_to_registered_loggers(Logger(), include={"offhook"})

lambda_handler = Router()
lambda_handler.include(hello.router)
