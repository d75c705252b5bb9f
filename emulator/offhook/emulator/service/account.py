"""The account: finds what it owns, and says which application answers which call."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from offhook.emulator.service.config_file import NoNumber
from offhook.emulator.service.records import (
    Holdings,
    PhoneNumber,
    Record,
    SipMediaApplication,
    SipRule,
)
from offhook.emulator.service.service_error import ServiceError, not_found
from offhook.emulator.service.switchboard import Line, NobodyAnswers, UnknownNumber

R = TypeVar("R", bound=Record)

QUEUE = timedelta(days=7)
"""How long a deleted number can be restored."""


class Account:
    """What the account owns; also the switchboard of the service."""

    def __init__(
        self,
        account: str,
        region: str,
        holdings: Holdings | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`changed` is called after every change, to keep it."""
        self.account = account
        self.region = region
        self.holdings = holdings or Holdings()
        self.functions: Mapping[str, str] = {}
        """What the desk calls a Lambda function, by the function's name."""
        self.now = now
        self.changed = changed

    # What the service asks.

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers that calls can come from and go to."""
        return tuple(n for n, number in self.holdings.numbers.items() if self.is_ours(number))

    def is_ours(self, number: PhoneNumber) -> bool:
        """Whether a number is acquired, and not deleted."""
        acquired = number.acquired_timestamp
        return number.deletion_timestamp is None and (acquired is None or acquired <= self.now())

    def answering(self, number: str, host: str | None = None) -> Sequence[Line]:
        """Who answers, first priority first. Raises `UnknownNumber`, `NobodyAnswers`."""
        known = self.holdings.numbers.get(number)
        if host is None and not (known and self.is_ours(known)):
            if not self.numbers:
                raise NoNumber
            raise UnknownNumber(
                f"{number} is not one of our numbers: they are {', '.join(self.numbers)}. Order it "
                "(CreatePhoneNumberOrder), or add it to [[tool.offhook.sip_media_applications]]"
            )
        rule = self.rule_of(
            "ToPhoneNumber" if host is None else "RequestUriHostname", host or number
        )
        if rule is None:
            raise NobodyAnswers(
                f"no enabled SIP rule has the trigger {host or number}: CreateSipRule makes one, "
                "UpdateSipRule enables one"
            )
        targets = sorted(rule.target_applications, key=lambda target: target.Priority)
        found = [self.holdings.applications[target.SipMediaApplicationId] for target in targets]
        return tuple(self.line(application, rule) for application in found)

    def calling(self, number: str) -> Line:
        """The application that answers a number also calls from it. Raises `UnknownNumber`."""
        line = self.answering(number)[0]
        return Line(line.sip_media_application_id, line.function)

    def line(self, application: SipMediaApplication, rule: SipRule | None = None) -> Line:
        """The way to an application's function."""
        name = application.lambda_arn.partition(":function:")[2].partition(":")[0]
        return Line(
            application.sip_media_application_id,
            self.functions.get(name, application.lambda_arn),
            rule.sip_rule_id if rule else None,
        )

    def rule_of(self, trigger_type: str, trigger_value: str) -> SipRule | None:
        """The enabled rule of a trigger."""
        for rule in self.holdings.rules.values():
            is_meant = (rule.trigger_type, rule.trigger_value) == (trigger_type, trigger_value)
            if is_meant and not rule.disabled:
                return rule
        return None

    # What operations ask.

    def application(
        self, application_id: str, missing: Callable[[str], ServiceError] = not_found
    ) -> SipMediaApplication:
        """An application, to be changed. Raises NotFoundException, or what `missing` makes."""
        found = self.holdings.applications.get(application_id)
        if found is None:
            known = ", ".join(self.holdings.applications) or "none"
            raise missing(
                f"There is no SIP media application {application_id!r}. There are: {known}"
            )
        return _own(self.holdings.applications, application_id)

    def rule(self, rule_id: str) -> SipRule:
        """A rule, to be changed. Raises NotFoundException."""
        found = self.holdings.rules.get(rule_id)
        if found is None:
            known = ", ".join(self.holdings.rules) or "none"
            raise not_found(f"There is no SIP rule {rule_id!r}. There are: {known}")
        return _own(self.holdings.rules, rule_id)

    def number(self, number_id: str) -> PhoneNumber:
        """A number by its id, in the deletion queue or not, to be changed. Raises
        NotFoundException."""
        number = number_id.replace("%2B", "+").replace("%2b", "+")
        found = self.holdings.numbers.get(number) or self.holdings.numbers.get(f"+{number}")
        if found is None or self._is_gone(found):
            raise not_found(f"The account has no phone number {number_id!r}")
        return _own(self.holdings.numbers, found.e164_phone_number)

    def all_numbers(self) -> list[PhoneNumber]:
        """All but those that have left the deletion queue, which are forgotten now."""
        for number, record in list(self.holdings.numbers.items()):
            if self._is_gone(record):
                del self.holdings.numbers[number]
        return list(self.holdings.numbers.values())

    def rules_for(self, number: str) -> list[SipRule]:
        """The rules, enabled or not, whose trigger is a number."""
        return [
            rule
            for rule in self.holdings.rules.values()
            if rule.trigger_type == "ToPhoneNumber" and rule.trigger_value == number
        ]

    def numbers_of(self, its_id: str) -> list[str]:
        """The numbers of a Voice Connector, or of a group."""
        return [
            number
            for number, record in self.holdings.numbers.items()
            if record.association is not None and record.association.Value == its_id
        ]

    def arn(self, resource: str) -> str:
        """The ARN of a resource of this account: `arn:aws:chime:us-east-1:123456789012:sma/...`."""
        return f"arn:aws:chime:{self.region}:{self.account}:{resource}"

    def _is_gone(self, number: PhoneNumber) -> bool:
        return number.deletion_timestamp is not None and number.deletion_timestamp <= self.now()


def _own(shelf: dict[str, R], key: str) -> R:
    """A record of this account alone: desks that say the same have the same ones."""
    shelf[key] = shelf[key].model_copy()
    return shelf[key]
