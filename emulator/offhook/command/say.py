"""Whatever a command says, on a terminal or in a log: no control character does anything there."""

import logging
import sys

from offhook.emulator.call.visible import visible_lines


def say(text: str) -> None:
    """Print these lines, at once; what would move the cursor is made visible."""
    print(visible_lines(text), flush=True)


def complain(text: str) -> None:
    """The same, to the standard error."""
    print(f"offhook: {visible_lines(text)}", file=sys.stderr)


class _Visible(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """A record, with its traceback."""
        return visible_lines(super().format(record))


def log_visibly() -> None:
    """Log lines that nobody else has a use for go to the standard error so."""
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_Visible())
