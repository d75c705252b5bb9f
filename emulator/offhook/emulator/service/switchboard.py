"""Which function answers which number: what the service asks before it places a call."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from offhook.emulator.service.config import NO_NUMBER, ConfigError, Desk, SipMediaApplication
from offhook.handler.errors import OffhookError


class UnknownNumber(OffhookError):
    """The number is not one of ours."""


class NobodyAnswers(OffhookError):
    """The number is ours, and no SIP rule sends its calls to an application."""


@dataclass(frozen=True, slots=True)
class Line:
    """A SIP media application that a call goes to, or comes from."""

    sip_media_application_id: str
    function: str
    """`module:function`, or what else the desk calls it by."""
    sip_rule_id: str | None = None
    """The rule that led here; outbound calls have none."""


class Switchboard(Protocol):
    """The switchboard: numbers, rules, applications."""

    @property
    def numbers(self) -> tuple[str, ...]:
        """Our numbers."""
        ...

    def answering(self, number: str, host: str | None = None) -> Sequence[Line]:
        """Who answers a number (or calls to a Voice Connector's host), first priority first.

        At least one. Raises `UnknownNumber`, `NobodyAnswers`.
        """
        ...

    def calling(self, number: str) -> Line:
        """Which application calls from a number unless told. Raises `UnknownNumber`."""
        ...


class DeskSwitchboard:
    """What `[tool.offhook]` says, and nothing that changes."""

    def __init__(self, desk: Desk) -> None:
        self._applications = desk.numbers

    @property
    def numbers(self) -> tuple[str, ...]:
        """Our numbers."""
        return tuple(self._applications)

    def answering(self, number: str, host: str | None = None) -> Sequence[Line]:
        """The one application of a number. Raises `UnknownNumber`."""
        if host is not None:
            raise UnknownNumber(
                f"{host} is no Voice Connector's host: only `offhook serve` has any"
            )
        application = self._application_of(number)
        rule = rule_id(number, application.name)
        return (Line(application_id(application.name), application.function, rule),)

    def calling(self, number: str) -> Line:
        """The application of a number. Raises `UnknownNumber`."""
        application = self._application_of(number)
        return Line(application_id(application.name), application.function)

    def _application_of(self, number: str) -> SipMediaApplication:
        if not self._applications:
            raise ConfigError(NO_NUMBER)
        if number not in self._applications:
            raise UnknownNumber(
                f"{number} is not one of our numbers: they are {', '.join(self.numbers)}. Add it "
                "to [[tool.offhook.sip_media_applications]] in pyproject.toml"
            )
        return self._applications[number]


@lru_cache
def application_id(name: str) -> str:
    """The id of an application that the configuration names: the same at every start."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


@lru_cache
def rule_id(trigger: str, name: str) -> str:
    """The id of the rule that sends a number, or a host, to an application."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{trigger}.{name}"))
