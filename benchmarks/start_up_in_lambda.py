"""How long AWS's own runtime takes to load what ships, before the first event is answered.

In its runtime emulator, from a folder as `sam build` makes it, with its bytecode.
"""

import compileall
import py_compile
import shutil
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import start_up
from benchmarks.start_up import ROOT
from benchmarks.table import Section, compared
from benchmarks.turns import Effort, Timed, take_turns
from offhook.emulator.function.lambda_runtime import CannotInvoke, find_emulator, invoke

TITLE = "Start-up in AWS's runtime emulator: flows.app as it ships, with logs and metrics"
TURNS = 11

DEPENDENCIES = (
    *("annotated_types", "aws_lambda_powertools", "jmespath", "pydantic", "pydantic_core"),
    *("typing_extensions.py", "typing_inspection"),
)
SILENT = """
from offhook.handler import log
log.for_cloudwatch = lambda: None
from flows.app import lambda_handler
"""
ONE_MODEL = f"{start_up.ONE_MODEL}\ndef answer(event, context): return {{}}\n"
EVENT = (ROOT / "events/new_inbound_call/minimal.json").read_bytes()


def measure(effort: Effort) -> Section:
    """What ships, beside less of it, and beside a handler that needs nothing."""
    try:
        find_emulator()
    except CannotInvoke as error:
        return Section(TITLE, [], f"Not measured: {error}.")
    with TemporaryDirectory() as place:
        source, folder = _shipped(Path(place))
        times = take_turns(
            {
                "ours": _start(folder, "flows.app:lambda_handler", metrics="Offhook"),
                "silent": _start(folder, "silent:lambda_handler"),
                "source": _start(source, "flows.app:lambda_handler", metrics="Offhook"),
                "raw": _start(folder, "raw_dicts:answer"),
                "one model": _start(folder, "one_model:answer"),
            },
            min(effort.processes, TURNS),
        )
    ours = times["ours"]
    return Section(
        TITLE,
        [
            compared("a raw dict handler", ours, times["raw"], aim=6),
            compared("the same without logs and metrics", ours, times["silent"]),
            compared(
                "  which is beside one pydantic model",
                times["silent"],
                times["one model"],
                aim=1.25,
            ),
            compared("the same without bytecode", ours, times["source"]),
        ],
        "As the emulator reports it, on a whole CPU: Lambda gives 512 MB 0.29 of one. With "
        "SnapStart this happens when a version is published, and no caller waits for it.",
    )


def _shipped(place: Path) -> tuple[Path, Path]:
    """Two folders with all that ships, the second with its bytecode."""
    folder, compiled = place / "source", place / "shipped"
    packages = Path(sysconfig.get_path("purelib"))
    rooms = {name: packages / name for name in DEPENDENCIES}
    rooms |= {f"offhook/{name}": ROOT / name / "offhook" / name for name in ("actions", "handler")}
    rooms |= {
        "flows": ROOT / "flows",
        "raw_dicts.py": ROOT / "benchmarks/answers/raw_dicts.py",
    }
    (folder / "offhook").mkdir(parents=True)
    for name, source in rooms.items():
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    (folder / "silent.py").write_text(SILENT, encoding="utf-8")
    (folder / "one_model.py").write_text(ONE_MODEL, encoding="utf-8")
    shutil.copytree(folder, compiled)
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(compiled, quiet=1, invalidation_mode=unchecked)
    return folder, compiled


def _start(folder: Path, handler: str, *, metrics: str = "") -> Timed:
    environment = {
        "PYTHONDONTWRITEBYTECODE": "1",  # /var/task is read-only
        "POWERTOOLS_METRICS_NAMESPACE": metrics,
        "POWERTOOLS_SERVICE_NAME": "benchmark",
    }

    def run() -> float:
        invocation = invoke(EVENT, handler, folder=folder, environment=environment)
        if invocation.failed or invocation.init_ms is None:
            raise AssertionError(f"{handler} did not start in {folder}: {invocation}")
        return invocation.init_ms / 1000

    return run
