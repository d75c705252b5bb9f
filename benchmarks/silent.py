"""Calls in real time that nobody hears, beside the commit before calls had a sound.

Both run at the same time, a process each: what is compared is the work of the processor.
"""

import subprocess
import sys
import tarfile
from collections.abc import Mapping
from io import BytesIO
from os import environ, pathsep
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.table import Row, Section, compared
from benchmarks.turns import Effort, Times

ROOT = Path(__file__).parents[1]
ROOTS = ("actions", "handler", "emulator")
BEFORE = "86bdd4c"
"""The last commit without sound."""
AIM = 1.1
"""The same, but for what two processes on shared cores differ by."""
TURNS = 3


def measure(effort: Effort) -> Section:
    """One hundred calls that hear words and pause, again and again."""
    seconds = 60 * effort.minutes
    turns = 1 if effort.is_once else TURNS
    title = f"100 silent calls in real time for {seconds:g} s: work of the processor"
    with TemporaryDirectory() as folder:
        if not _unpacked(Path(folder)):
            missing = Row(f"{BEFORE}, which had no sound", "not in this clone", "", "")
            return Section(title, [missing])
        times: Mapping[str, Times] = {"ours": [], "theirs": []}
        for _ in range(turns):
            running = {
                name: _started(where, seconds)
                for name, where in (("ours", ROOT), ("theirs", Path(folder)))
            }
            for name, process in running.items():
                times[name].append(float(process.communicate()[0]))
    beside = compared(f"{BEFORE}, which had no sound", times["ours"], times["theirs"], aim=AIM)
    return Section(title, [beside])


def _unpacked(folder: Path) -> bool:
    """Whether the sources of that commit could be had."""
    made = subprocess.run(
        ["git", "archive", BEFORE, *ROOTS], cwd=ROOT, capture_output=True, check=False
    )
    if made.returncode == 0:
        with tarfile.open(fileobj=BytesIO(made.stdout)) as archive:
            archive.extractall(folder, filter="data")
    return made.returncode == 0


def _started(where: Path, seconds: float) -> "subprocess.Popen[str]":
    path = pathsep.join([*(str(where / root) for root in ROOTS), str(ROOT)])
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.silent_calls", str(seconds)],
        env={**environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
    )
