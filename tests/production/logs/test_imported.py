"""Logs go in, in whatever container and style, and the calls come back: with noise between them,
lines that are there twice, and lines that are missing.

About `offhook.production.logs.*`.
"""

import gzip
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offhook.actions import CallAndBridge, Hangup, Speak, SpeakAndGetDigits
from offhook.emulator.call.far_end import FarEnd
from offhook.emulator.service.far_ends import Answers
from offhook.emulator.testing import Phone
from offhook.handler import (
    ActionSuccessful,
    CallAnswered,
    NewInboundCall,
    Reply,
    Response,
    Router,
    hang_up_the_rest,
)
from offhook.production.logs.imported import Imported, NoCalls, import_logs
from offhook.production.logs.of_emulator import all_of
from offhook.production.logs.recorded import RecordedCall, read, write
from tests.production.logs.dressed import (
    CONTAINERS,
    STYLES,
    Delivery,
    Entry,
    Style,
    compact,
    deliveries,
    entries,
    request_of,
)

router = Router()
PIN = SpeakAndGetDigits(
    text="Your PIN, please. It's four digits, \"really\".",
    failure_text="Sorry?",
    input_digits_regex=r"^\d{4}$",
    repeat=2,
    repeat_duration_in_milliseconds=5_000,
)


@router.new_inbound_call()
def welcome(event: NewInboundCall) -> Reply:
    return Response([Speak(text="Grüß Gott {caller}, it is 50% off."), PIN], attributes={"step": "pin"})


@router.action_successful(PIN)
def known(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return CallAndBridge.to("+15550100400", caller_id_number="+15550100100")


@router.call_answered()
def remind(event: CallAnswered) -> Reply:
    return [Speak(text="It is tomorrow."), Hangup()]


@router.hangup()
def left(event: Any) -> Reply:
    return hang_up_the_rest(event)
