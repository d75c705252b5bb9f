"""Calls of the emulator as calls that happened: for tests, and to hold settings against them."""

from datetime import UTC, datetime

from offhook.emulator.call.call import Call
from offhook.emulator.call.told import Turn
from offhook.emulator.testing import Phone
from offhook.production.log_texts import known
from offhook.production.logs.recorded import Exchange, RecordedCall, Said


def all_of(phone: Phone) -> list[RecordedCall]:
    """Every call that was placed at a phone, and those that came of them, the earliest first."""
    return [recorded(call) for call in phone.service.placed()]


def recorded(call: Call) -> RecordedCall:
    """What logs would have of a call, as it is now: every event with its reply, by the call's
    clock, and what the service says when it drops it."""
    turns = call.told.turns
    return RecordedCall(
        transaction=call.transaction_id,
        is_pseudonymised=False,
        lacks=[] if call.has_ended else ["the end"],
        exchanges=[_exchange(call, turn) for turn in turns],
        service=[
            Said(at=_moment(call, entry.time), text=text)
            for entry in call.ladder.entries
            if entry.kind == "service"
            for text in known(entry.text)
        ],
    )


def _exchange(call: Call, turn: Turn) -> Exchange:
    invoked = turn.invoked
    return Exchange.model_validate(
        {
            "at": _moment(call, turn.sent - call.ladder.began),
            "event": turn.event,
            "answer": "failed" if invoked.error else "replied",
            "reply": None if invoked.error else invoked.reply,
            "error": invoked.error,
            "seconds": round(turn.at - turn.sent, 3),
        }
    )


def _moment(call: Call, seconds: float) -> datetime:
    """So many seconds after it began."""
    return datetime.fromtimestamp((call.started_ms + round(seconds * 1000)) / 1000, UTC)
