"""What Lambda waits for before the first event: a whole process that imports the application."""

import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.table import Section, compared
from benchmarks.turns import Effort, Timed, take_turns

ROOT = Path(__file__).resolve().parent.parent

APPLICATION = "import flows.app"
ONE_MODEL = "from pydantic import BaseModel\nclass Model(BaseModel): field: int"
LOGGER = "from aws_lambda_powertools import Logger\nLogger(service='x')"
RAW = "import json, benchmarks.answers.raw_dicts"

IN_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME"
"""Where this is set, flows.app logs by Powertools."""


def measure(effort: Effort) -> Section:
    """`import flows.app` beside processes that load less."""
    programs = {
        "ours": _process(APPLICATION),
        "ours with logger": _process(APPLICATION, in_lambda=True),
        "pydantic": _process(ONE_MODEL),
        "pydantic with logger": _process(f"{LOGGER}\n{ONE_MODEL}"),
        "raw": _process(RAW),
    }
    with _one_cpu() as pinned:
        for timed in programs.values():
            timed()  # compiles what is not compiled yet
        times = take_turns(programs, effort.processes)
    with_logger = times["ours with logger"], times["pydantic with logger"]
    return Section(
        "Start-up: a process that imports flows.app",
        [
            compared("pydantic and one model", times["ours"], times["pydantic"], aim=1.5),
            compared("the same, both with Powertools Logger", *with_logger, aim=1.5),
            compared("a raw dict handler and json", times["ours"], times["raw"]),
        ],
        f"Whole processes, {pinned}; in Lambda it is the second row. Nearly all of what we take "
        "over raw dicts is the import of pydantic: that is what validation costs.",
    )


def _process(code: str, *, in_lambda: bool = False) -> Timed:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTHON") and name != IN_LAMBDA
    }
    if in_lambda:
        environment[IN_LAMBDA] = "workshop"

    def run() -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env=environment)
        return time.perf_counter() - started

    return run


@contextmanager
def _one_cpu() -> Generator[str]:
    """Keep the processes on one CPU, where the system can: moving costs, and not evenly."""
    if sys.platform != "linux":
        yield "on any CPU"
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield "on one CPU"
    finally:
        os.sched_setaffinity(0, allowed)
