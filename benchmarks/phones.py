"""Many phones at one desk: each hears prompts and speaks, both frame by frame; two are in Chromium.

The desk is this process, the phones two others. A frame is late that comes more than 60 ms after
its turn: so much waits in a page before it is heard.
"""

import json
import subprocess
import sys
import time
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.lines import OURS
from benchmarks.memory import Sample, sampled, slope
from benchmarks.table import Row, Section
from benchmarks.turns import Effort
from offhook.actions import PlayAudio
from offhook.emulator.call.span import FRAME_SECONDS, RATE
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.media.pcm import tone
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.quotas import Quotas

LINES, PAGES = 38, 2
LATE_MS = 60
WARM_UP = 0.25
"""This part of the time memory may grow: caches fill."""
PROMPT = PlayAudio(audio_source="s3://prompts/long.wav")
REPLY = {"SchemaVersion": "1.0", "Actions": [PROMPT.to_wire()]}


def measure(effort: Effort) -> Section:
    """40 of them, for a quarter of a minute unless it says."""
    lines, pages = (2, 1) if effort.is_once else (LINES, PAGES)
    seconds = 60 * effort.minutes
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
        with (
            Server(desk, port=0, function=InProcess(lambda _event, _context: REPLY)) as server,
            sampled() as memory,
        ):
            line = server.endpoint.replace("http", "ws") + "/_offhook/phone/line"
            began = time.process_time()
            in_pages = _started("pages", server.endpoint, pages, seconds)
            assert in_pages.stdout is not None
            in_pages.stdout.readline()
            in_lines = _started("lines", line, lines, seconds)
            late, late_there = _told(in_lines), _told(in_pages)
            worked = time.process_time() - began
    heard = (len(late) + len(late_there)) * FRAME_SECONDS
    work = f"{worked / heard * 1000:.1f} ms"
    return Section(
        f"{lines + pages} phones at once for {seconds:g} s, {pages} of them pages of Chromium: "
        f"{heard:.0f} s are heard, and as much is said",
        [
            _late(f"frames that are more than {LATE_MS} ms late", late),
            _late("the same in the pages, as these count it", late_there),
            Row("work of the desk for each second heard", work, "", ""),
            *_latest(late),
            *_grows(memory, effort.minutes),
        ],
        "The desk, the phones and the browser are processes of their own; who else uses the "
        "machine is late with them.",
    )


def _started(module: str, url: str, count: int, seconds: float) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", f"benchmarks.{module}", url, str(count), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _told(process: "subprocess.Popen[str]") -> list[float]:
    """How late each frame was. Raises `CalledProcessError`."""
    printed = process.communicate()[0]
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    late: list[float] = json.loads(printed or "[]")
    return late


def _late(what: str, late: Sequence[float]) -> Row:
    if not late:
        return Row(what, "no Chromium here: not measured", "", "")
    share = sum(ms > LATE_MS for ms in late) / len(late)
    return Row(what, f"{share:.2%}", "", "", "at most 1 %", share <= 0.01)


def _latest(late: Sequence[float]) -> Iterator[Row]:
    if late:
        latest = sorted(late)[int(len(late) * 0.99)]
        yield Row("the latest hundredth", f"{latest:.0f} ms", "", "")


def _grows(memory: Sequence[Sample], minutes: float) -> Iterator[Row]:
    """Over at least a minute: what is less says nothing."""
    warm = [sample for sample in memory if sample[0] > WARM_UP * minutes]
    if minutes >= 1 and len(warm) > 2:
        steep, half = slope(warm)
        what = f"memory of the desk, after {WARM_UP:.0%} of the time"
        yield Row(what, f"{steep:+.0f} ± {half:.0f} kB a minute (95 %)", "", "")
