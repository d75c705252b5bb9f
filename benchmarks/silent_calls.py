"""Calls in real time, of whichever Offhook is on the path: `python -m benchmarks.silent_calls N`.

Printed is the processor's time, in seconds, of N seconds with a hundred calls.
"""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from offhook.actions import Pause, Speak
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.quotas import Quotas
from offhook.emulator.service.service import Service

OURS = "+15550100100"
CALLS = 100
ACTIONS = (Speak(text="Hello."), Pause(duration_in_milliseconds=500), Speak(text="Again."))
REPLY = {"SchemaVersion": "1.0", "Actions": [action.to_wire() for action in ACTIONS]}


async def work(seconds: float, folder: str) -> float:
    """With all of them up."""
    desk = Desk.model_validate(
        {
            "recordings": Path(folder),
            "s3": {"endpoint": "folders"},
            "sip_media_applications": (
                SipMediaApplication(numbers=(OURS,), function="nobody:asks"),
            ),
            "quotas": Quotas(enforced=False),
        }
    )
    loop = asyncio.get_running_loop()
    service = Service(desk, loop, function=InProcess(lambda _event, _context: REPLY))
    for _ in range(CALLS):
        service.call_in(OURS, "+15550100200")
    await asyncio.sleep(1)
    began = process_time()
    await asyncio.sleep(seconds)
    worked = process_time() - began
    service.close()
    await asyncio.sleep(0)
    return worked


if __name__ == "__main__":
    with TemporaryDirectory() as here:
        print(asyncio.run(work(float(sys.argv[1]), here)))
