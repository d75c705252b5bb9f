"""A function of this process: `module:function`, kept warm between calls, as Lambda does."""

import asyncio
import importlib
import json
import sys
import time
import traceback
import weakref
from collections.abc import Callable, Mapping
from functools import cached_property
from inspect import iscoroutine
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import cast
from uuid import uuid4

from offhook.emulator.as_json import same, text_of, value_of
from offhook.emulator.clock import VirtualLoop, call_outside, stopwatch
from offhook.emulator.function.bootstraps.python_client import plain
from offhook.emulator.function.credentials import explained, hold
from offhook.emulator.function.fault import MAX_PAYLOAD, THEIRS, explain, timed_out, too_large
from offhook.emulator.function.function import FunctionNotFound, Invoked, Limits
from offhook.emulator.function.mending import hint
from offhook.emulator.function.moment import MOMENT, Seen
from offhook.emulator.function.output import Written
from offhook.emulator.function.sources import Sources, application, of_this_process

MOST_BYTES = 8
"""Bytes that a character of compact JSON takes at most, with escapes and spaces."""


class LambdaContext:
    """The context object of an invocation at the desk."""

    function_version = "$LATEST"
    log_stream_name = "desk"
    client_context = None
    tenant_id = None

    def __init__(self, limits: Limits) -> None:
        self.identity = SimpleNamespace(cognito_identity_id=None, cognito_identity_pool_id=None)
        self.function_name = limits.name or "offhook"
        self.invoked_function_arn = limits.arn(self.function_name)
        self.memory_limit_in_mb = str(limits.memory_mb)
        self.log_group_name = f"/aws/lambda/{self.function_name}"
        self._until = time.monotonic() + limits.timeout

    @cached_property
    def aws_request_id(self) -> str:
        """A fresh one for each invocation."""
        return str(uuid4())

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function times out, by the wall clock."""
        return max(0, round((self._until - time.monotonic()) * 1000))

    def log(self, message: object) -> None:
        """Write it to the log, without a line's end."""
        sys.stdout.write(str(message))


class InProcess:
    """A Lambda handler called as a plain function."""

    def __init__(
        self,
        handler: Callable[[object, object], object],
        limits: Limits | None = None,
        log: str = "",
    ) -> None:
        """`log` is what was written when it was imported: the first answer's begins with it."""
        self.handler = handler
        self.log = log
        """What it has written, and no answer has yet."""
        self._limits = limits or Limits()
        self._hold()

    def _hold(self) -> None:
        """This process is the function's: its environment is as one at the desk."""
        limits = self._limits
        held = hold(limits.region, limits.real_aws, limits.stand_ins)
        self._give_back = weakref.finalize(self, held)

    async def invoke(self, event: Mapping[str, object]) -> Invoked:
        """Call it where no event loop is running.

        In real time it may take as long as Lambda lets it; its thread goes on after that, as
        nothing can end it. In virtual time it takes none.
        """
        if not self._give_back.alive:  # it was closed, and is needed once more
            self._hold()
        text = text_of(event)
        # AWS refuses what was signed at another time.
        moment = None if self._limits.real_aws else MOMENT.get()
        loop = asyncio.get_running_loop()
        if isinstance(loop, VirtualLoop):
            return await loop.outside(self._call, text, moment)
        try:
            async with asyncio.timeout(self._limits.timeout):
                return await call_outside(self._call_in_thread, text, moment)
        except TimeoutError:
            seconds = self._limits.timeout
            return Invoked(error=timed_out(seconds), seconds=seconds)

    def sources(self) -> Sources:
        """The modules of the application, all of them: one may import another."""
        return of_this_process()

    def close(self) -> None:
        """Nothing was started; this process gets its environment back."""
        self._give_back()

    def _call_in_thread(self, asked: str, moment: float | None) -> Invoked:
        """As in Lambda's main thread, where up to Python 3.13 `asyncio.get_event_loop` has one."""
        if sys.version_info >= (3, 14):
            return self._call(asked, moment)
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        try:
            return self._call(asked, moment)
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    def _call(self, asked: str, moment: float | None) -> Invoked:
        its_own = value_of(asked)
        began = stopwatch()
        context = LambdaContext(self._limits)
        written = Written(lambda: context.aws_request_id)
        with written as lines, Seen(moment) as looked:
            reply, error, text = self._answer(its_own, context)
            has_looked = looked()
        log, self.log = self.log + "".join(lines), ""
        seconds = stopwatch() - began
        invoked = Invoked(
            reply,
            error,
            log=log,
            seconds=seconds,
            looked_at_the_clock=has_looked,
            text=text,
            asked=asked,
        )
        return explained(invoked, self._limits, "\n".join(written.said))

    def _answer(self, event: object, context: LambdaContext) -> tuple[object, str, str]:
        try:
            reply = self.handler(event, context)
        except (Exception, SystemExit, asyncio.CancelledError) as error:
            return None, f"{type(error).__name__}: {_words(error)}{_last_frame(error)}", ""
        if (copied := same(reply)) and len(copied[1]) < MAX_PAYLOAD / MOST_BYTES:
            return copied[0], "", copied[1]
        try:
            try:
                text = reply.decode() if isinstance(reply, bytes) else json.dumps(reply)
            except TypeError:  # what Lambda's client has a word for, and JSON has not
                if iscoroutine(reply):
                    reply.close()  # Python would say that nobody awaits it
                text = json.dumps(plain(reply))
            if len(text) > MAX_PAYLOAD:  # with escapes, which Lambda does not count
                size = len(
                    json.dumps(value_of(text), ensure_ascii=False).encode(errors="surrogatepass")
                )
                if size > MAX_PAYLOAD:
                    return None, explain(too_large(size)), ""
            return value_of(text), "", ""
        except (TypeError, ValueError, RecursionError) as error:
            return None, f"Runtime.MarshalError: the reply is not JSON: {error}", ""


def load(name: str, limits: Limits | None = None, *, cold: bool = False) -> InProcess:
    """The function `module:function`; with `cold`, its modules are imported afresh.

    Raises `FunctionNotFound`, which says why.
    """
    if cold:  # as in a new environment
        for module, _ in application():
            del sys.modules[module]
    limits = limits or Limits()
    # What it makes when it is imported sees it.
    give_back = hold(limits.region, limits.real_aws, limits.stand_ins)
    try:
        with Written() as lines:
            handler = load_handler(name)
        return InProcess(handler, limits, "".join(lines))
    finally:
        give_back()


def load_handler(name: str) -> Callable[[object, object], object]:
    """Import `module:function`. Raises `FunctionNotFound`, which says why."""
    module_name, _, attribute = name.partition(":")
    if not module_name or not attribute or "/" in module_name or module_name.endswith(".py"):
        raise FunctionNotFound(
            f"{name!r} is not a function: write module:function, as in flows.app:lambda_handler"
        )
    module = _import(module_name, name)
    found: object = module
    for part in attribute.split("."):
        found = getattr(found, part, None)
    if not _can_be_a_handler(found):
        names = sorted(
            key
            for key, value in vars(module).items()
            if _can_be_a_handler(value) and key[:1] != "_"
        )
        raise FunctionNotFound(
            f"{module_name} has no function {attribute!r}"
            + (f": it has {', '.join(names)}" if names else "")
        )
    return cast("Callable[[object, object], object]", found)


def _can_be_a_handler(found: object) -> bool:
    """A class, as an action that the module imports, is called too, but never meant."""
    return callable(found) and not isinstance(found, type)


def _import(module_name: str, name: str) -> ModuleType:
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        return importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and (module_name == error.name or module_name.startswith(f"{error.name}.")):
            raise FunctionNotFound(
                f"cannot import {module_name} (of {name!r}): there is no module {error.name!r} in "
                f"{Path.cwd()}. Write module:function, as in flows.app:lambda_handler"
            ) from None
        raise _does_not_import(module_name, str(error), error) from error
    except (Exception, SystemExit) as error:
        raise _does_not_import(module_name, f"{type(error).__name__}: {error}", error) from error


def _does_not_import(module_name: str, what: str, error: BaseException) -> FunctionNotFound:
    what += _last_frame(error)
    mended = hint(what)
    said = f"{module_name} does not import: {what}"
    return FunctionNotFound(f"{said}\n  {mended}" if mended else said)


def _last_frame(error: BaseException) -> str:
    """Where in the user's code it happened."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"\n  at {error.filename}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    mine = str(Path(__file__).parent)
    theirs = [f for f in frames[::-1] if not f.filename.startswith((mine, "<frozen"))]
    own = (f for f in theirs if not any(part in f.filename for part in THEIRS))
    nearest = next(own, theirs[0] if theirs else None)
    return f"\n  at {nearest.filename}:{nearest.lineno} in {nearest.name}" if nearest else ""


def _words(error: BaseException) -> str:
    """What an error says, also where it cannot."""
    try:
        return str(error)
    except Exception as other:
        return f"<its __str__ raised {type(other).__name__}>"
