"""Many phones without a page, in a process: `python -m benchmarks.lines URL LINES SECONDS`.

Each dials, speaks all the time, and takes what it hears. Printed as JSON: how late each frame came,
in milliseconds after the first of its prompt.
"""

import asyncio
import json
import sys
from time import monotonic

from websockets.asyncio.client import connect

from offhook.emulator.call.span import FRAME_SECONDS
from offhook.emulator.media.pcm import tone

OURS = "+15550100100"
VOICE = tone(440, FRAME_SECONDS, level=0.3)


async def line(url: str, number: int, seconds: float, late: list[float]) -> None:
    """One phone."""
    async with connect(url, compression=None) as socket:
        await socket.send(json.dumps({"Do": "be", "Number": f"+1555011{number:04}"}))
        await socket.send(json.dumps({"Do": "dial", "To": OURS}))
        end = monotonic() + seconds
        speaking: asyncio.Task[None] | None = None
        first, count = 0.0, 0
        while monotonic() < end:
            received = await socket.recv()
            if isinstance(received, bytes):
                first = first or monotonic()
                late.append((monotonic() - first - count * FRAME_SECONDS) * 1000)
                count += 1
                continue
            message = json.loads(received)
            if message["Is"] == "hears":
                first, count = 0.0, 0
            if speaking is None and message.get("State") == "up":

                async def speak() -> None:
                    due = monotonic()
                    while True:
                        await socket.send(VOICE)
                        due += FRAME_SECONDS
                        await asyncio.sleep(max(0.0, due - monotonic()))

                speaking = asyncio.create_task(speak())
        if speaking is not None:
            speaking.cancel()


async def main(url: str, lines: int, seconds: float) -> None:
    """All of them at once."""
    late: list[float] = []
    await asyncio.gather(*(line(url, number, seconds, late) for number in range(lines)))
    print(json.dumps(late))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
