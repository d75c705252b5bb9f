"""Answers events with `module:function`: a line for each on its input, a line for each reply.

Started as `python answers_events.py module:function`. It imports nothing of Offhook: what there is
by that name may be another version of it.
"""

import importlib
import json
import logging
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import TypeAlias, cast

Handler: TypeAlias = Callable[[object, object], object]


def main(name: str) -> None:
    """Until the input ends."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the function prints is no reply
    logging.disable(logging.CRITICAL)
    sys.path[0] = str(Path.cwd())  # and not the folder of this file
    handler = _load(name)
    for line in sys.stdin:
        event, moment = cast("tuple[object, float | None]", json.loads(line))
        with _seen(moment):
            reply = _answer(handler, event)
        replies.write(f"{reply}\n")
        replies.flush()


def _load(name: str) -> Handler:
    module, _, attribute = name.partition(":")
    try:
        found: object = importlib.import_module(module)
        for part in attribute.split("."):
            found = getattr(found, part)
    except Exception as error:
        why = f"{name} does not import: {type(error).__name__}: {error}"

        def cannot(_event: object, _context: object) -> object:
            raise ImportError(why)

        return cannot
    return cast("Handler", found)


def _answer(handler: Handler, event: object) -> str:
    context = SimpleNamespace(
        function_name="offhook",
        aws_request_id="",
        get_remaining_time_in_millis=lambda: 20_000,
    )
    try:
        return json.dumps([handler(event, context), ""])
    except (Exception, SystemExit) as error:
        return json.dumps([None, f"{type(error).__name__}: {error}"])


def _seen(moment: float | None) -> AbstractContextManager[object]:
    if moment is None:
        return nullcontext()
    import time_machine

    return time_machine.travel(moment)


if __name__ == "__main__":
    main(sys.argv[1])
