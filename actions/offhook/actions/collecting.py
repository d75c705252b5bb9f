"""What PlayAudioAndGetDigits and SpeakAndGetDigits share: how digits are collected."""

from typing import Annotated, Self

from annotated_types import Ge, Le
from pydantic import PositiveInt, model_validator

from offhook.actions.digits import Digits, InputDigitsRegex, TelephoneKeys
from offhook.actions.legs import OnLeg
from offhook.actions.refusals import wrong

NumberOfDigits = Annotated[int, Ge(0), Le(128)]


class CollectsDigits(OnLeg[Digits]):
    """Play or say a prompt, then collect digits, in at most `repeat` attempts.

    An attempt ends on a terminator, on the last digit allowed, or on a timer. It fails on too
    few digits or when `input_digits_regex` does not match: then the failure prompt is heard and
    the next attempt starts. When all have failed, ACTION_FAILED brings `InvalidDigitsReceived`.
    """

    input_digits_regex: InputDigitsRegex | None = None
    """A regular expression that the digits must match, as in `^[1-3]$`. Default: anything."""

    min_number_of_digits: NumberOfDigits = 0
    """Fewest digits of a good attempt: 0 to 128."""

    max_number_of_digits: NumberOfDigits = 128
    """Most digits: the attempt ends when they are in. 0 to 128, not below the fewest."""

    terminator_digits: TelephoneKeys = ("#",)
    """Keys that end the attempt; they are not among the digits received."""

    in_between_digits_duration_in_milliseconds: PositiveInt | None = None
    """Longest quiet time after a digit, in milliseconds, above 0. Default: the repeat duration."""

    repeat: PositiveInt = 1
    """Number of attempts in all, above 0."""

    repeat_duration_in_milliseconds: PositiveInt
    """Longest wait for the first digit of an attempt, in milliseconds, above 0."""

    @model_validator(mode="after")
    def _max_is_not_below_min(self) -> Self:
        # The page wants it above Min; equal numbers work, and AWS's migration guide has them.
        if self.max_number_of_digits < self.min_number_of_digits:
            raise wrong(
                "max_number_of_digits",
                f"{self.max_number_of_digits} is below min_number_of_digits "
                f"({self.min_number_of_digits})",
            )
        return self
