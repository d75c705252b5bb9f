"""With nothing: dicts in, dicts out, and a typing mistake is heard by the caller."""

from collections.abc import Mapping

TYPE_CHECKING = False  # typing itself takes a while to load, and this file counts every millisecond
if TYPE_CHECKING:
    from typing import Any


def answer(event: "Mapping[str, Any]", _context: object = None) -> object:
    actions: list[object] = []
    kind = event["InvocationEventType"]
    if kind == "NEW_INBOUND_CALL":
        actions = [
            {"Type": "Speak", "Parameters": {"Text": "Welcome to the workshop."}},
            {
                "Type": "SpeakAndGetDigits",
                "Parameters": {
                    "SpeechParameters": {"Text": "For our opening hours, press 1."},
                    "FailureSpeechParameters": {"Text": "Sorry?"},
                    "MaxNumberOfDigits": 1,
                    "Repeat": 3,
                    "RepeatDurationInMilliseconds": 5000,
                },
            },
        ]
    elif kind == "ACTION_SUCCESSFUL":
        action = event["ActionData"]
        if action["Type"] == "SpeakAndGetDigits":
            text = f"You pressed {action['ReceivedDigits']}. Goodbye."
            actions = [
                {"Type": "Speak", "Parameters": {"Text": text}},
                {"Type": "Hangup", "Parameters": {}},
            ]
    return {"SchemaVersion": "1.0", "Actions": actions}
