"""A line to map: light, for another process loads it."""

import os
from typing import Any

from offhook.actions import CallAndBridge, Hangup, Speak, SpeakAndGetDigits
from tests.emulator.functions import reply

COUNTS = "+15550100101"
MENU = SpeakAndGetDigits(
    text="Yes?",
    failure_text="Sorry?",
    max_number_of_digits=1,
    repeat=1,
    repeat_duration_in_milliseconds=90_000,
)
BRIDGE = CallAndBridge(call_timeout_seconds=90, caller_id_number="+15550100100", uri="+15550100400")


def lambda_handler(event: Any, _context: object) -> object:
    """1 puts through; 2 asks again, and is counted on one of the numbers; other keys hang up."""
    kind: str = event["InvocationEventType"]
    details: Any = event["CallDetails"]
    data: Any = event.get("ActionData") or {}
    count = int((details.get("TransactionAttributes") or {"n": 0})["n"])
    step = int(details["Participants"][0]["To"] == COUNTS)
    match kind, data.get("ReceivedDigits"):
        case "NEW_INBOUND_CALL" | "CALL_ANSWERED", _:
            return reply(MENU, TransactionAttributes={"n": 0})
        case "ACTION_SUCCESSFUL", "1":
            return reply(Speak(text="One moment."), BRIDGE)
        case "ACTION_SUCCESSFUL", "0":  # what another process has otherwise
            return reply(MENU, TransactionAttributes={"n": os.getpid()})
        case "ACTION_SUCCESSFUL", "2":
            return reply(MENU, TransactionAttributes={"n": count + step})
        case "ACTION_SUCCESSFUL", str():
            return reply(Hangup())
        case _:
            return reply()
