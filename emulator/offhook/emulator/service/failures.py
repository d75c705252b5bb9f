"""Failures on purpose: the next requests of an operation fail as somebody asked."""

from dataclasses import dataclass

from offhook.emulator.service.service_error import ServiceError

ANY = "*"
"""Every operation."""


@dataclass
class Failure:
    """How requests of one operation fail, and how many of them still will."""

    operation: str
    error: str
    """The exception's name in the service model."""
    times: int | None = 1
    """`None` fails until it is taken back."""
    message: str = "On purpose."


class Failures:
    """What was asked for and has not happened yet, first come first served."""

    def __init__(self) -> None:
        self.waiting: list[Failure] = []

    def add(self, failure: Failure) -> None:
        """From now on."""
        self.waiting.append(failure)

    def clear(self) -> None:
        """Take all of them back."""
        self.waiting.clear()

    def strike(self, operation: str) -> None:
        """Fail a request, if somebody asked for it. Raises `ServiceError`."""
        for failure in self.waiting:
            if failure.operation in (operation, ANY):
                if failure.times is not None:
                    failure.times -= 1
                    if failure.times < 1:
                        self.waiting.remove(failure)
                raise ServiceError(failure.error, failure.message)
