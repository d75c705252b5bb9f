"""Requests to the API, beside a bare Starlette application that has botocore check the same request.

Both run in this process, without sockets: what is measured is what stands between the HTTP server
and the account. Then, what a call costs that is up and does nothing.
"""

import asyncio
import gc
import json
import tracemalloc
from collections.abc import Callable
from typing import cast

from botocore.validate import ParamValidator
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message

from benchmarks.table import Row, Section, compared
from benchmarks.turns import ONCE, Effort, Times, take_turns
from offhook.emulator.api.model import load_model
from offhook.emulator.config import Desk, SipMediaApplication
from offhook.emulator.control.exchange import Exchange
from offhook.emulator.control.quotas import Quotas
from offhook.emulator.far_ends import Answers
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.serving import application

OURS, THEIRS = "+15550100100", "+15550100200"
AIM = 1.3
BYTES_A_CALL = 20_000


def measure(effort: Effort) -> Section:
    """Compare them."""
    loop = asyncio.new_event_loop()
    exchange = _exchange(loop)
    number = 5 if effort is ONCE else 200
    ours, bare = application(exchange), _bare()
    scope, body = _request()
    contenders = {
        "ours": _timed(loop, ours, scope, body, number),
        "bare": _timed(loop, bare, scope, body, number),
    }
    times = take_turns(contenders, effort.turns)
    per_call = _bytes_of_a_call(loop, exchange, 20 if effort is ONCE else 500)
    loop.run_until_complete(exchange.close())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    return Section(
        "a request to the API (GetPhoneNumberOrder answers 404; both parse and check it)",
        [
            compared("bare Starlette with botocore's ParamValidator", times["ours"], times["bare"], aim=AIM),
            _memory(per_call),
        ],
        "Ours also routes by the model, checks patterns and enums, the signature, rates and failures "
        "on purpose, and checks its own answer.",
    )
