"""Hangup: end one leg."""

from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from offhook.actions.fields import AsString
from offhook.actions.legs import OnLeg


def _sip_response_code(code: int) -> int:
    if code != 0 and not 100 <= code <= 999:
        raise ValueError(
            f"{code} is not a SIP response code: 0 (normal), 480 (unavailable) and 486 (busy) "
            "are documented, other three-digit codes are taken"
        )
    return code


class Hangup(OnLeg[None]):
    """End one leg. As the first action of an inbound call it rejects the call, unanswered."""

    sip_response_code: Annotated[
        int,
        AfterValidator(_sip_response_code),
        AsString,
        WithJsonSchema(
            {"anyOf": [{"const": 0}, {"type": "integer", "minimum": 100, "maximum": 999}]}
        ),
    ] = 0
    """0 normal, 480 unavailable, 486 busy; other three-digit codes are taken."""
