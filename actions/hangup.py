"""Hangup: end one leg."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator

from offhook.actions.fields import AsString, OnLeg
from offhook.actions.refusals import FailsWith


def _sip_response_code(code: int) -> int:
    if code != 0 and not 100 <= code <= 699:
        raise ValueError(
            f"{code} is not a SIP response code: 0 (normal), 480 (unavailable) and 486 (busy) "
            "are documented, other three-digit codes are taken"
        )
    return code


class Hangup(OnLeg[None]):
    """End one leg. As the first action of an inbound call it rejects the call, unanswered."""

    source: ClassVar[str] = "dg/hangup"

    sip_response_code: Annotated[
        int,
        AfterValidator(_sip_response_code),
        AsString,
        FailsWith("The SipResponseCode parameter is invalid."),
    ] = 0
    """0 normal, 480 unavailable, 486 busy; other three-digit codes are taken."""
