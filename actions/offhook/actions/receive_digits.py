"""ReceiveDigits: listen for digits on one leg, in the background."""

from typing import Self

from pydantic import PositiveInt, model_validator

from offhook.actions.digits import Digits, InputDigitsRegex
from offhook.actions.legs import OnLeg
from offhook.actions.refusals import wrong


class ReceiveDigits(OnLeg[Digits]):
    """Listen for digits on one leg while other actions go on: a match brings DIGITS_RECEIVED.

    It completes at once, stays until another one replaces it, and hears nothing that was
    pressed before. A digit starts the flush timer; each digit restarts the in-between timer.
    """

    source = "dg/listen-to-digits"

    input_digits_regex: InputDigitsRegex
    r"""A regular expression that the collected digits are searched with, as in `^\d{2}#$`."""

    in_between_digits_duration_in_milliseconds: PositiveInt
    """Quiet time after a digit before the digits are tested, in milliseconds, above 0."""

    flush_digits_duration_in_milliseconds: PositiveInt
    """Time from the first digit until what did not match is forgotten, in milliseconds.
    Longer than the in-between time."""

    @model_validator(mode="after")
    def _flush_is_after_in_between(self) -> Self:
        quiet = self.in_between_digits_duration_in_milliseconds
        if self.flush_digits_duration_in_milliseconds <= quiet:
            raise wrong(
                "flush_digits_duration_in_milliseconds",
                f"{self.flush_digits_duration_in_milliseconds} is not above "
                f"in_between_digits_duration_in_milliseconds ({quiet})",
            )
        return self
