"""Joins the flows: `lambda_handler` is what Lambda invokes, and what `make call` calls."""

from flows import hello
from offhook.handler import Router, log

log.for_cloudwatch()  # in Lambda; plain lines at the desk

lambda_handler = Router()
lambda_handler.include(hello.router)
