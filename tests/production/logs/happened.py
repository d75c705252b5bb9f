"""Calls that happened, and what an import makes of logs."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from offhook.actions import CallAndBridge, Hangup, Response, Speak, SpeakAndGetDigits
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.far_ends import Answers
from offhook.emulator.testing import Phone
from offhook.handler import (
    ActionSuccessful,
    CallAnswered,
    NewInboundCall,
    Reply,
    Router,
    hang_up_the_rest,
)
from offhook.handler import Hangup as Hung
from offhook.production.logs.imported import Imported, import_logs
from offhook.production.logs.of_emulator import all_of
from offhook.production.logs.recorded import RecordedCall, read

DESK = Desk(
    sip_media_applications=(
        SipMediaApplication(name="workshop", numbers=("+15550100100",), function="none:at_all"),
    )
)
router = Router()
PIN = SpeakAndGetDigits(
    text='Your PIN, please. It\'s four digits, "really".',
    failure_text="Sorry?",
    input_digits_regex=r"^\d{4}$",
    repeat=2,
    repeat_duration_in_milliseconds=5_000,
)


@router.new_inbound_call()
def welcome(event: NewInboundCall) -> Reply:
    greeting = Speak(text="Grüß Gott {caller}, it is 50% off.")
    return Response([greeting, PIN], attributes={"step": "pin"})


@router.action_successful(PIN)
def known(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return CallAndBridge(uri="+15550100400", caller_id_number="+15550100100")


@router.call_answered()
def remind(event: CallAnswered) -> Reply:
    return [Speak(text="It is tomorrow."), Hangup()]


@router.hangup()
def left(event: Hung) -> Reply:
    return hang_up_the_rest(event)


def fails(_event: Mapping[str, object], _context: object) -> None:
    raise KeyError("name")


@cache
def calls() -> Sequence[RecordedCall]:
    """Of every kind: two legs, one that hangs up, one that we called, one whose function failed,
    and one of which an event was delivered twice."""
    with Phone(router, desk=DESK, seed=1) as phone:
        phone.at("+15550100400", Answers(after=2, hangs_up_after=9))
        call = phone.dials(sip_headers={"X-Account": "77", "X-Name": "Zoë O'Hara"})
        call.hears("Grüß Gott")
        call.hears("PIN")
        call.presses("4711")
        phone.wait(60)
        phone.dials().hangs_up()
        phone.rings("+15550100300").answers()
        phone.wait(60)
        made = all_of(phone)
    with Phone(fails, desk=DESK, seed=2) as phone:
        phone.dials()
        phone.settle()
        made += all_of(phone)
    assert len(made[0].exchanges) > 4
    made[3] = _with(made[3], 0, error="KeyError: 'name'")
    made[1] = _with(made[1], 0, deliveries=2, seconds=6.25)
    shift = [each.model_copy(update={"exchanges": _later(each, n)}) for n, each in enumerate(made)]
    return sorted(shift, key=lambda each: (each.began, each.transaction))


def _with(call: RecordedCall, place: int, **changed: object) -> RecordedCall:
    exchanges = [*call.exchanges]
    exchanges[place] = exchanges[place].model_copy(update=changed)
    return call.model_copy(update={"exchanges": exchanges})


def _later(call: RecordedCall, seconds: int) -> list[Any]:
    return [
        each.model_copy(update={"at": each.at and each.at + timedelta(seconds=seconds)})
        for each in call.exchanges
    ]


def imported(
    files: Sequence[bytes], *, keep: bool = True, ours: Sequence[str] = ()
) -> tuple[list[RecordedCall], Imported]:
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.log" for number in range(len(files))]
        for path, content in zip(paths, files, strict=True):
            path.write_bytes(content)
        done = import_logs(paths, Path(folder) / "calls", keep=keep, ours=ours)
        return [*read(Path(folder) / "calls")], done
