"""While calls are explored, functions of this process write nothing: it is part of the story."""

import logging
from collections.abc import Generator
from contextlib import contextmanager

from offhook.emulator.function.output import held_back


@contextmanager
def hushed() -> Generator[None]:
    """Nothing is written to any log meanwhile, nor to the streams: of calls that nobody will make.
    What is an error is in the log of its invocation."""
    root, ours = logging.getLogger(), logging.getLogger("offhook")
    before = root.handlers, ours.handlers, ours.propagate
    logging.disable(logging.WARNING)
    root.handlers, ours.handlers, ours.propagate = [], [], True
    try:
        with held_back():
            yield
    finally:
        logging.disable(logging.NOTSET)
        root.handlers, ours.handlers, ours.propagate = before
