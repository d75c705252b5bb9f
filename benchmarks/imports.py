"""What each import of the application costs, as Lambda imports it: with logs and metrics."""

import os
import re
import subprocess
import sys
from statistics import median

from benchmarks.start_up import IN_LAMBDA, ROOT
from benchmarks.table import Row, Section, duration
from benchmarks.turns import Effort

ROOMS = {
    "pydantic, and what it brings": (
        *("annotated_types", "pydantic", "pydantic_core", "typing_extensions", "typing_inspection"),
    ),
    "Powertools, and what it brings": ("aws_lambda_powertools", "jmespath"),
    "offhook.actions: 18 models": ("offhook.actions",),
    "offhook.handler": ("offhook",),
    "flows": ("flows",),
}
REST = "Python itself and its library"
LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")


def measure(effort: Effort) -> Section:
    """Time spent in each package's own modules, and not in what these import."""
    turns = [_costs() for _ in range(effort.processes)]
    costs = {room: median(turn[room] for turn in turns) for room in (*ROOMS, REST)}
    whole = sum(costs.values())
    return Section(
        "Imports of flows.app, in Lambda's environment",
        [
            Row(room, duration(cost), "", f"{cost / whole:.0%}")
            for room, cost in sorted(costs.items(), key=lambda item: -item[1])
        ],
        f"By -X importtime, which itself adds to each: {duration(whole)} in all, from bytecode. "
        "Building a model is part of importing its module.",
    )


def _costs() -> dict[str, float]:
    """Seconds for each room."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import flows.app"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, IN_LAMBDA: "workshop"},
    ).stderr
    costs = dict.fromkeys((*ROOMS, REST), 0.0)
    for microseconds, module in LINE.findall(told):
        costs[_room(module)] += int(microseconds) / 1e6
    return costs


def _room(module: str) -> str:
    for room, packages in ROOMS.items():
        if any(f"{module}.".startswith(f"{package}.") for package in packages):
            return room
    return REST
