"""Joins the flows: `lambda_handler` is what Lambda invokes, and what `make call` calls."""

import os

from flows import hello
from offhook.handler import Router, follow, guarded_by, log

log.for_cloudwatch()  # in Lambda; plain lines at the desk

lambda_handler = Router()
lambda_handler.around()(follow)  # what becomes of calls that go out; those that come in cost nothing
lambda_handler.check()(guarded_by(os.environ))  # whom callers may be bridged with
lambda_handler.include(hello.router)
