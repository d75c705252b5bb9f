"""Our client of the Runtime API against AWS's own, `awslambdaric`: the same handlers, the same
replies, errors and log. Skipped where that is not installed.

About `offhook.emulator.function.bootstraps.python_client`.
"""

import asyncio
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import dedent

import pytest

from offhook.emulator.function.environment import Launch
from offhook.emulator.function.environments import Environments
from offhook.emulator.function.function import Invoked, Limits
from offhook.emulator.function.python_file import BOOTSTRAP
from offhook.emulator.function.variables import variables
from tests.emulator.function.conftest import EVENT, make_venv, needs_awslambdaric
from tests.sampled import sampled

pytestmark = needs_awslambdaric

HEAD = """
import asyncio, collections, dataclasses, datetime, decimal, enum, logging, os, sys, time, warnings

Point = collections.namedtuple("Point", "x y")
class Kind(str, enum.Enum):
    ONE = "one"
class NoTable(Exception):
    pass
log = logging.getLogger()
"""

SHAPES = {
    "a reply": "return {'got': event}",
    "nothing": "return None",
    "text": "return 'grüße'",
    "bytes": "return b'[1, 2]'",
    "bytes within": "return {'a': b'text', b'b': 1}",
    "bytes that are no text": "return {'a': b'\\xff'}",
    "decimals": (
        "return [decimal.Decimal('3'), decimal.Decimal('1.10'), {'a': decimal.Decimal('1E+2')}]"
    ),
    "a decimal that is none": "return decimal.Decimal('NaN') != 1",
    "a tuple": "return (1, (2,))",
    "a named tuple": "return {'point': Point(1, decimal.Decimal('2'))}",
    "an enum": "return Kind.ONE",
    "a set": "return {1, 2}",
    "a date": "return datetime.date(2026, 1, 1)",
    "an object": "return object",
    "keys": "return {1: 'a', None: 'b', True: 'c', 1.5: 'd'}",
    "a key that is none": "return {(1, 2): 3}",
    "circular": "a = []; a.append(a); return a",
    "the same twice": "a = [1]; return [a, a]",
    "not a number": "return str(float('nan'))",
    "a coroutine": "async def later(): return 1\nc = later(); c.close(); return c",
    "an async handler's": "async def later(): return 1\nreturn asyncio.run(later())",
    "raises": "raise NoTable('there is none')",
    "raises without a word": "raise ValueError",
    "raises a group": "raise KeyError('TABLE')",
    "a missing variable": "return os.environ['NO_SUCH_VARIABLE']",
    "exits": "sys.exit(3)",
    "exits with a word": "sys.exit('over')",
    "exits well": "sys.exit()",
    "exits hard": "os._exit(4)",
    "is interrupted": "raise KeyboardInterrupt",
    "is cancelled": "raise asyncio.CancelledError",
    "recurses": "def f(): return f()\nreturn f()",
    "sleeps": "time.sleep(5)",
    "info": "log.setLevel('INFO'); log.info('an info line'); log.warning('a warning %s', 1)",
    "info of another": (
        "log.setLevel(logging.INFO); logging.getLogger('theirs.own').info('an info line')"
    ),
    "a warning": "log.setLevel('WARNING'); log.info('lost'); log.warning('two\\nlines')",
    "an exception in the log": (
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    log.exception('it failed')\nreturn 1"
    ),
    "basicConfig does nothing": (
        "logging.basicConfig(level=logging.DEBUG, format='%(message)s')\n"
        "log.setLevel('WARNING'); log.error('x')"
    ),
    "streams": (
        "print('out'); print('err', file=sys.stderr); sys.stdout.write('no end'); "
        "sys.stdout.writelines(['a', 'b\\n']); print('over')"
    ),
    "streams of bytes": "sys.stdout.buffer.write(b'bytes\\n'); sys.stdout.buffer.flush()",
    "a line of the context": "context.log('a line\\n'); context.log(3)",
    "handlers": "return [len(log.handlers), log.level, logging.Formatter.converter.__name__]",
    "the context": (
        "return [context.function_name, context.function_version, context.memory_limit_in_mb,"
        " context.log_group_name, context.log_stream_name, context.invoked_function_arn,"
        " len(context.aws_request_id), context.client_context, context.tenant_id,"
        " context.identity.cognito_identity_id, context.get_remaining_time_in_millis() > 500,"
        " len(os.environ['_X_AMZN_TRACE_ID']) > 9]"
    ),
    "where it is": "return [os.getcwd() == sys.path[0], __name__, sys.argv[1:]]",
}

FILES: Mapping[str, tuple[str, str]] = {
    "no such function": ("app.handler", "def other(event, context): ..."),
    "no function": ("app.handler", "handler = None"),
    "a missing module": ("app.handler", "import no_such_module"),
    "a missing name": ("app.handler", "from os import no_such_name"),
    "a syntax error": ("app.handler", "def handler(:"),
    "an exception": ("app.handler", "raise RuntimeError('at import')"),
    "a missing variable": ("app.handler", "import os\nos.environ['NO_SUCH_VARIABLE']"),
    "an exit": ("app.handler", "import sys\nsys.exit(5)"),
    "a log": ("app.handler", "import logging\nlogging.warning('early')\ndef handler(e, c): ..."),
    "one of Python's own": ("time.handler", "def handler(event, context): ..."),
    "a class": ("app.Handler", "class Handler:\n    def __init__(self, event, context): ..."),
    "a package": ("app.handler", "from pathlib import Path\ndef handler(e, c): return [1]"),
}


def of(folder: Path, handler: str, python: Path, level: str = "") -> Environments:
    """A function, by the client that an interpreter has."""
    limits = Limits(timeout=1, environment={"AWS_LAMBDA_LOG_LEVEL": level} if level else {})
    environment = variables("their-app", folder, handler, limits)
    command = [str(python), str(BOOTSTRAP)]
    return Environments(Launch("their-app", command, folder, handler, environment, limits))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has nothing, and so runs our client."""
    folder = tmp_path_factory.mktemp("bare")
    make_venv(folder)
    return folder / "bin" / "python"


Both = tuple[Environments, Environments]


@pytest.fixture(
    scope="module",
    params=["", pytest.param("info", marks=pytest.mark.thorough)],
    ids=["level unset", "level info"],
)
def shapes(
    request: pytest.FixtureRequest, bare: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    """Every shape in one function, which the event chooses from; by our client and by AWS's."""
    folder = tmp_path_factory.mktemp("their-app")
    parts = [HEAD]
    for number, source in enumerate(SHAPES.values()):
        body = "\n".join(f"    {line}" for line in source.splitlines())
        parts.append(f"def shape{number}(event, context):\n{body}\n")
    names = ", ".join(f"{name!r}: shape{number}" for number, name in enumerate(SHAPES))
    parts.append(f"def handler(event, context): return {{{names}}}[event['shape']](event, context)")
    (folder / "app.py").write_text("\n".join(parts))
    ours = of(folder, "app.handler", bare, request.param)
    theirs = of(folder, "app.handler", Path(sys.executable), request.param)
    yield ours, theirs
    ours.close()
    theirs.close()


def asked(both: Both, event: Mapping[str, object] = EVENT) -> Sequence[Invoked]:
    """What came of an event, by both at once."""

    async def invoked() -> Sequence[Invoked]:
        return await asyncio.gather(*(each.invoke(event) for each in both))

    return asyncio.run(invoked())


def seen(invoked: Invoked) -> tuple[object, str]:
    """The reply, or the error: what it says, and where in the author's code it was."""
    return invoked.reply, re.sub(r"[0-9a-f-]{36}|\n.*/awslambdaric/.*", "", invoked.error)


def lines(invoked: Invoked) -> str:
    """The log, without when and of which invocation."""
    return re.sub(r"\d{4}-\S+Z|[0-9a-f-]{36}|File .*", "", invoked.log)


@pytest.mark.parametrize("shape", sampled(SHAPES, 23))
def test_a_handler_of_any_shape_replies_as_in_lambda(shapes: Both, shape: str) -> None:
    for _ in range(2):
        ours, theirs = asked(shapes, {"shape": shape})
        assert seen(ours) == seen(theirs)
        if not theirs.error:
            assert lines(ours) == lines(theirs)
        if re.search("Runtime exited|timed out", theirs.error):
            break  # the next shape finds another process


@pytest.mark.parametrize("kind", sampled(FILES))
def test_a_file_of_any_kind_is_loaded_as_in_lambda(bare: Path, tmp_path: Path, kind: str) -> None:
    handler, source = FILES[kind]
    (tmp_path / f"{handler.partition('.')[0]}.py").write_text(dedent(source))
    both = of(tmp_path, handler, bare), of(tmp_path, handler, Path(sys.executable))
    try:
        ours, theirs = asked(both)
        assert seen(ours) == seen(theirs)
    finally:
        for each in both:
            each.close()
