"""A line: which application answers a call, or makes one."""

import uuid
from dataclasses import dataclass
from functools import lru_cache

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


@lru_cache
def application_id(name: str) -> str:
    """The id of an application that the configuration names: the same at every start."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


@lru_cache
def rule_id(trigger: str, name: str) -> str:
    """The id of the rule that sends a number, or a host, to an application."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{trigger}.{name}"))
