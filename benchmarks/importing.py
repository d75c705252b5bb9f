"""Very many events of calls that happened, imported from what `aws logs filter-log-events` prints.

Each import is a process of its own, so that its memory is its own. The calls are of the emulator,
each with its own ids, number and keys; a handler has logged its events and replies as JSON, with
Lambda's lines around them.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from benchmarks.answers.event import DESK
from benchmarks.table import Row, Section, duration, limited
from benchmarks.turns import Effort
from offhook.actions import Hangup, Response, Speak, SpeakAndGetDigits
from offhook.emulator.testing import Phone
from offhook.handler import ActionSuccessful, NewInboundCall, Reply, Router
from offhook.production.logs.of_emulator import all_of
from offhook.production.logs.recorded import RecordedCall

EVENTS = 100_000
LIMIT_SECONDS = 60.0
FLAT = 1.25
"""Five times as many events may take so many times the memory."""

router = Router()

PIN = SpeakAndGetDigits(
    text="Your PIN, please.",
    failure_text="Sorry?",
    input_digits_regex=r"^\d{4}$",
    repeat=2,
    repeat_duration_in_milliseconds=5_000,
)


@router.new_inbound_call()
def welcome(event: NewInboundCall) -> Reply:
    return Response([Speak(text="Welcome."), PIN], attributes={"step": "pin", "name": "Ada"})


@router.action_successful(PIN)
def known(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return [Speak(text="Goodbye."), Hangup()]


IMPORT = """
import sys, time
from pathlib import Path
from offhook.production.logs.imported import import_logs

began, worked = time.perf_counter(), time.process_time()
done = import_logs([Path(sys.argv[1])], Path(sys.argv[2]))
seconds, worked = time.perf_counter() - began, time.process_time() - worked
try:
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) * 1024
except OSError:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(done.events, done.incomplete, seconds, worked, peak)
"""


def measure(effort: Effort) -> Section:
    """100,000 events, and the memory they take beside that of a fifth of them."""
    events = 300 if effort.is_once else EVENTS
    with TemporaryDirectory() as folder:
        *_, fewer = _import(Path(folder, "a"), events // 5)
        seconds, worked, more = _import(Path(folder, "b"), events)
    return Section(
        f"{events:,} events imported from filter-log-events",
        [
            limited("wall time", [seconds], limit=LIMIT_SECONDS),
            Row("of which it worked", duration(worked), "", ""),
            Row(
                f"memory, beside {events // 5:,} events",
                _megabytes(more),
                _megabytes(fewer),
                f"{more / fewer:.2f} times",
                f"at most {FLAT:g} times",
                more <= FLAT * fewer,
            ),
        ],
        f"{events / worked:,.0f} events in a second of work, in one process: read, joined, made "
        "nobody's, checked, written. What others do on the machine meanwhile, the wall time has.",
    )


def _import(folder: Path, events: int) -> tuple[float, float, float]:
    """Seconds by the clock, seconds of work, and the most memory in bytes."""
    folder.mkdir()
    exported = folder / "events.json"
    written = _write(exported, events)
    ran = subprocess.run(
        [sys.executable, "-c", IMPORT, str(exported), str(folder / "calls")],
        capture_output=True,
        text=True,
        check=True,
    )
    there, incomplete, seconds, worked, peak = ran.stdout.split()
    if (int(there), int(incomplete)) != (written, 0):
        raise AssertionError(
            f"{there} of {written} events came back, {incomplete} calls incomplete"
        )
    return float(seconds), float(worked), float(peak)


def _write(path: Path, events: int) -> int:
    """So many events, or some more, in whole calls: how many."""
    with Phone(router, desk=DESK, seed=1) as phone:
        call = phone.dials()
        call.hears("Welcome.")
        call.hears("Your PIN, please.")
        call.presses("4711")
        call.hears("Goodbye.")
        call.ends()
        (made,) = all_of(phone)
    with path.open("w", encoding="utf-8") as file:
        file.write('{"events": [')
        separator = ""
        calls = -(-events // len(made.exchanges))
        for number in range(calls):
            for row in _rows(made, number):
                file.write(f"{separator}\n    {json.dumps(row)}")
                separator = ","
        file.write('\n], "searchedLogStreams": []}\n')
    return calls * len(made.exchanges)


def _rows(call: RecordedCall, number: int) -> Iterator[dict[str, object]]:
    """What CloudWatch has of one call, of a caller of its own."""
    str(1000 + number % 9000)
    name = str(UUID(int=(number * 0x9E3779B97F4A7C15 + 1) % 2**64 << 64 | 0x4000 << 64))
    for exchange in call.exchanges:
        if exchange.at is None:
            continue
        at = round(exchange.at.timestamp() * 1000) + number * 250
        request = str(UUID(int=number << 16 | exchange.sequence))
        said = (
            f"START RequestId: {request} Version: 1",
            f"{request}\tINFO\t{json.dumps(exchange.event)}",
            f"{request}\tINFO\t{json.dumps(exchange.reply)}",
            f"END RequestId: {request}",
            f"REPORT RequestId: {request}\tDuration: 3.25 ms\tBilled Duration: 4 ms",
        )
        for place, text in enumerate(said):
            message = text.replace(call.transaction, name).replace(
                "4711", f"{1000 + number % 9000}"
            )
            yield {
                "logStreamName": f"2027/03/01/[$LATEST]{number % 50:032x}",
                "timestamp": at + place,
                "message": message.replace("+15550100200", f"+4420{7_000_000 + number}"),
                "ingestionTime": at + 900,
                "eventId": f"{number:050}{exchange.sequence:03}{place:03}",
            }


def _megabytes(count: float) -> str:
    return f"{count / 1e6:.0f} MB"
