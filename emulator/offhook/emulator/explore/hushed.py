"""While calls are explored, functions of this process write nothing: it is part of the story."""

import gc
import logging
from collections.abc import Generator
from contextlib import contextmanager

from offhook.emulator.function.output import as_in_lambda, held_back

RARELY = 20_000
"""A call is full of circles, and small: so many of its objects are worth looking for them."""


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


@contextmanager
def undisturbed() -> Generator[None]:
    """What is looked after at each event, or all the time, is left alone while many calls are
    played."""
    usual = gc.get_threshold()
    gc.set_threshold(RARELY, *usual[1:])
    try:
        with as_in_lambda():
            yield
    finally:
        gc.set_threshold(*usual)
