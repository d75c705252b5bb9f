"""Many phones at one desk: each hears a prompt and speaks, both frame by frame, as a page does.

The desk is this process, the phones another. A frame is late that comes more than 60 ms after its
turn: so much waits in a page before it is heard.
"""

import json
import subprocess
import sys
import time
import wave
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.lines import OURS
from benchmarks.table import Row, Section
from benchmarks.turns import Effort
from offhook.actions import Pause, PlayAudio
from offhook.emulator.call.span import FRAME_SECONDS, RATE
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.media.pcm import tone
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.quotas import Quotas

LINES, SECONDS = 40, 15.0
LATE_MS = 60
ACTIONS = (PlayAudio(audio_source="s3://prompts/long.wav"), Pause(duration_in_milliseconds=30_000))
REPLY = {"SchemaVersion": "1.0", "Actions": [action.to_wire() for action in ACTIONS]}


def measure(effort: Effort) -> Section:
    """40 of them for a quarter of a minute."""
    lines, seconds = (LINES, SECONDS) if not effort.is_once else (2, 3.0)
    with TemporaryDirectory() as folder:
        with wave.open(f"{folder}/long.wav", "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(tone(440, 1.0) * 30)
        desk = Desk.model_validate(
            {
                "recordings": Path(folder),
                "prompts": Path(folder),
                "s3": {"endpoint": "folders"},
                "sip_media_applications": (
                    SipMediaApplication(numbers=(OURS,), function="nobody:asks"),
                ),
                "quotas": Quotas(enforced=False),
            }
        )
        with Server(desk, port=0, function=InProcess(lambda _event, _context: REPLY)) as server:
            url = server.endpoint.replace("http", "ws") + "/_offhook/phone/line"
            client = [sys.executable, "-m", "benchmarks.lines", url, str(lines), str(seconds)]
            began = time.process_time()
            told = subprocess.run(client, check=True, capture_output=True, text=True).stdout
            worked = time.process_time() - began
    late: list[float] = json.loads(told)
    share = sum(ms > LATE_MS for ms in late) / max(1, len(late))
    heard = len(late) * FRAME_SECONDS
    work = f"{worked / heard * 1000:.1f} ms"
    return Section(
        f"{lines} phones at once for {seconds:g} s: {heard:.0f} s are heard, and as much is said",
        [
            Row(
                f"frames that are more than {LATE_MS} ms late",
                f"{share:.2%}",
                "",
                "",
                "at most 1 %",
                share <= 0.01,
            ),
            Row("work of the desk for each second heard", work, "", ""),
            Row("the latest hundredth", f"{sorted(late)[int(len(late) * 0.99)]:.0f} ms", "", ""),
        ],
        "The desk and the phones are a process each; who else uses the machine is late with them.",
    )
