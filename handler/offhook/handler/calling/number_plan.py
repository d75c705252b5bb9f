"""What the numbering plans of the world say of a number: Google's data, in `phonenumbers`.

A number is taken as it is written, digit by digit. One that no plan knows may be another way to
write one that must not be called: networks ignore what is dialled after a whole number.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

SHORTEST: Final = 8
"""Digits of a number that no plan knows: shorter ones reach emergency and network services."""

NEVER_DIALLED: Final = ("PREMIUM_RATE", "SHARED_COST", "PERSONAL_NUMBER", "PAGER", "UAN")
"""Kinds of numbers that cost more than a call to their country does."""


@dataclass(frozen=True)
class Number:
    """An E.164 number: the code of its country, and what is dialled there."""

    code: int
    """0 where no country has it."""
    digits: str

    @classmethod
    def read(cls, e164: str) -> "Number":
        """The number that a `+` and digits, as of E.164, are; nobody checks that it is in use."""
        # Imported on first use, here and below: it is slow, and most calls ring nobody.
        from phonenumbers import COUNTRY_CODE_TO_REGION_CODE as CODES

        end = next((end for end in (2, 3, 4) if int(e164[1:end]) in CODES), 1)
        return cls(int(e164[1:end] or 0), e164[end:])

    @cached_property
    def known(self) -> "PhoneNumber":
        """As the library has it, with the zeros at its beginning."""
        from phonenumbers import PhoneNumber

        zeros = len(self.digits) - len(str(int(self.digits)))
        return PhoneNumber(self.code, int(self.digits), None, zeros > 0, zeros)

    @cached_property
    def kind(self) -> str:
        """`FIXED_LINE`, `MOBILE` and so on; `UNKNOWN` where it is no number as a whole."""
        from phonenumbers import PhoneNumberType, number_type

        return PhoneNumberType.to_string(number_type(self.known))

    def is_in(self, country: str) -> bool:
        """Whether it is a whole number of a country, as in `US`."""
        from phonenumbers import is_valid_number_for_region

        return is_valid_number_for_region(self.known, country)

    @property
    def time_zones(self) -> tuple[str, ...]:
        """Where it may be; nothing where nobody knows."""
        from phonenumbers import timezone

        zones: tuple[str, ...] = timezone.time_zones_for_number(self.known)
        return () if timezone.UNKNOWN_TIMEZONE in zones else zones

    @property
    def why_never(self) -> str:
        """Why nobody calls it, whatever a policy allows; empty where nothing speaks against it."""
        if not (self.code and self.digits):
            return "there is no country with the number's code"
        if self.kind in NEVER_DIALLED:
            return f"the number's kind is {self.kind}, which is never dialled"
        return "" if self.kind != "UNKNOWN" else self._why_never_unknown()

    @lru_cache(maxsize=1_000)  # noqa: B019 - a number is a value: equal ones share what was found
    def _why_never_unknown(self) -> str:
        import phonenumbers as plan

        countries = plan.region_codes_for_country_code(self.code)
        if len(f"{self.code}{self.digits}") < SHORTEST or any(
            plan.is_valid_short_number_for_region(self.known, country) for country in countries
        ):
            return (
                f"emergency and short numbers are not dialled: a number has {SHORTEST} digits or "
                "more, with its country code"
            )
        for head in (Number(self.code, digits) for digits in accumulate(self.digits)):
            if head.kind in NEVER_DIALLED or any(
                plan.is_emergency_number(head.digits, c)
                or plan.expected_cost_for_region(head.known, c) == plan.ShortNumberCost.PREMIUM_RATE
                for c in countries
            ):
                kind = head.kind if head.kind in NEVER_DIALLED else "an emergency or premium one"
                return (
                    f"it begins with a whole number ({kind}) that is never dialled, and what is "
                    "dialled after that changes nothing"
                )
        if self.digits.startswith(_dialled_at_home(countries)) or not plan.is_possible_number(
            self.known
        ):
            return (
                "the number has digits too many or too few for its country: write it as it is "
                "dialled from abroad"
            )
        return ""


def _dialled_at_home(countries: tuple[str, ...]) -> tuple[str, ...]:
    """What stands before a number at home only: a zero too, but where numbers begin with one."""
    import phonenumbers as plan

    kinds = (plan.PhoneNumberType.FIXED_LINE, plan.PhoneNumberType.MOBILE)
    examples = [plan.example_number_for_type(each, kind) for each in countries for kind in kinds]
    prefixes = {plan.ndd_prefix_for_region(country, True) or "0" for country in countries}
    if any(example and example.italian_leading_zero for example in examples):
        return (*(prefixes - {"0"}), "00")
    return (*prefixes, "0")
