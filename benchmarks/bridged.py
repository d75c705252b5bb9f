"""A bridged call that is recorded, beside a coroutine on the same loop that writes a wav too."""

import asyncio
import json
import wave
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import cast

from benchmarks.answers.event import DESK, Event
from benchmarks.bare_call import Tell, checked, direct
from benchmarks.table import Section, compared
from benchmarks.turns import Effort, Times, in_process, take_turns
from offhook.actions import CallAndBridge, Speak, StartCallRecording
from offhook.emulator.call.span import RATE
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.testing import Answers, Phone, PhoneCall
from offhook.handler import (
    ActionSuccessful,
    NewInboundCall,
    Reply,
    Router,
    events,
    hang_up,
    on,
    transfer,
)

CALLEE = "+15550100300"
SECONDS_TO_ANSWER = 2.0
WORDS = "My bicycle has a flat tyre, and I need it again tomorrow."
ANSWER = "Bring it round at ten, please, and wait for it."
WELCOME, GOODBYE = "One moment, please.", "Thank you for calling."

router = Router()


@router.new_inbound_call()
def welcome(event: NewInboundCall) -> Reply:
    return [Speak(text=WELCOME), *transfer(event, CALLEE)]


@router.action_successful(CallAndBridge)
def talking(event: ActionSuccessful[CallAndBridge]) -> Reply:
    return StartCallRecording(call_id=event.leg_a.call_id, track="BOTH", destination="s3://talks")


@router.action_successful(StartCallRecording)
def recorded(event: ActionSuccessful[StartCallRecording]) -> Reply:
    return None


@router.hangup(leg="LEG-B")
def thanks(event: events.Hangup) -> Reply:
    return [on(event.leg_a, Speak(text=GOODBYE)), hang_up(event.leg_a)]


@router.hangup(leg="LEG-A")
def over(event: events.Hangup) -> Reply:
    return None


def measure(effort: Effort) -> Section:
    """A talk of half a minute."""
    loop = VirtualLoop()
    with Phone(router, desk=DESK) as phone, TemporaryDirectory() as folder:
        call, seconds = play(phone)
        told = cast("list[Event]", json.loads(json.dumps(call.events)))
        spans = [at - before for at, before in zip(seconds[1:], seconds, strict=False)]
        file = Path(folder, "talk.wav")

        def bare(tell: Tell, *, writes: bool) -> Callable[[], None]:
            write = (lambda: _write(file, spans[2])) if writes else (lambda: None)
            return lambda: _run(loop, _live(tell, spans, write))

        work: Mapping[str, Callable[[], object]] = {
            "ours": lambda: play(phone),
            "bare": bare(direct(loop, router, told), writes=True),
            "unrecorded": bare(direct(loop, router, told), writes=False),
            "checked": bare(checked(router, told), writes=True),
        }
        timed = {name: in_process(one, effort) for name, one in work.items()}
        times = take_turns(timed, effort.turns)
    loop.close()
    ours = times["ours"]
    return Section(
        f"A bridged call with {spans[2]:.0f} seconds of recording; {len(told)} invocations",
        [
            compared("a coroutine on a bare virtual loop", ours, times["bare"]),
            compared("the same, with JSON and all checks", ours, times["checked"]),
            compared("the first, that records nothing", ours, times["unrecorded"]),
        ],
        f"{_per_second(ours)} calls a second, bare {_per_second(times['bare'])}. Bare: the same "
        "waits and invocations, and a wav of the same length, all silence. Ours adds two legs, who "
        "hears whom, and the tones of what was said, to the sample.",
    )


def play(phone: Phone) -> tuple[PhoneCall, list[float]]:
    """The call, and when it was: dialled, bridged, recorded, hung up, over."""
    phone.at(CALLEE, Answers(after=SECONDS_TO_ANSWER, says=[ANSWER], hangs_up_after=30.0))
    seconds = [phone.now]
    call = phone.dials()
    call.hears(WELCOME)
    seconds.append(phone.now)
    call.hears(ANSWER)
    seconds.append(seconds[-1] + SECONDS_TO_ANSWER)
    call.says(WORDS)
    call.hears(GOODBYE)
    seconds.append(seconds[-1] + 30.0)
    call.ends()
    seconds.append(phone.now)
    (file,) = phone.recordings
    file.unlink()  # as the other side does, so that thousands of calls do not fill the disk
    phone.recordings.clear()
    return call, seconds


async def _live(tell: Tell, spans: list[float], write: Callable[[], None]) -> None:
    """The waits between what `play` names, and what is told."""
    await tell(0)
    await asyncio.sleep(spans[0])
    await asyncio.sleep(spans[1])
    await tell(1)
    await tell(2)
    await asyncio.sleep(spans[2])
    await tell(3)
    await asyncio.sleep(spans[3])
    write()
    await tell(4)


def _run(loop: VirtualLoop, life: Awaitable[None]) -> None:
    task = asyncio.ensure_future(life, loop=loop)
    task.add_done_callback(lambda _life: loop.noticed())
    loop.run(task.done)
    task.result()


def _write(file: Path, seconds: float) -> None:
    with wave.open(str(file), "wb") as wav:
        wav.setnchannels(2)
        wav.setsampwidth(2)
        wav.setframerate(RATE)
        wav.writeframes(bytes(4 * round(seconds * RATE)))
    file.unlink()


def _per_second(times: Times) -> str:
    return f"{1 / median(times):,.0f}"
