"""CallAndBridge: call somebody and join them to the caller."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from annotated_types import Ge, Le
from pydantic import Field, model_validator

from offhook.actions.base import Action
from offhook.actions.fields import E164, AudioSource, E164Number, NonEmpty, Open, SipHeaders
from offhook.actions.legs import CallId
from offhook.actions.refusals import FailsWith, Refusal, wrong
from offhook.actions.wire import Sent

_NUMBER = Refusal("InvalidActionParameter", "Invalid number of endpoints provided.")
_ENDPOINT = FailsWith("Endpoint parameter is invalid.", missing=_NUMBER)

_URI = "Endpoints.0.Uri"
_CONNECTOR = r"arn:[a-z-]+:chime:[a-z0-9-]+:[0-9]{12}:(vc|vcg|voice-connector-group)/\S+"
_USER = r"[a-zA-Z0-9&=+$/%\-_!~*().]{1,36}"


class CallAndBridge(Action[None]):
    """Call a number, or through a Voice Connector, and bridge the answered leg with LEG-A.

    The new leg is LEG-B. When one of the two hangs up, the other stays (and is billed) until it
    is hung up too. On the wire `uri` and `arn` stand in the one entry of `Endpoints`.
    """

    errors = ("CallNotAnswered", "InvalidAudioSource")

    call_id: CallId | None = None
    """LEG-A's `CallId`, as the echo carries it. Not documented in the action: leave it out."""

    call_timeout_seconds: Annotated[
        int,
        Ge(1),
        Le(120),
        FailsWith(
            "The MaxCallTimeout parameter is invalid. Timeout must be between 0 and 120 seconds."
        ),
    ] = 30
    """How long it may ring, in seconds: 1 to 120."""

    caller_id_number: Annotated[
        E164Number,
        FailsWith(
            "Invalid caller ID.",
            missing=Refusal("InvalidActionParameter", "Caller ID not defined."),
        ),
    ]
    """The number that is shown: one of the account's, or LEG-A's `From`."""

    ringback_tone: (
        Annotated[
            AudioSource, FailsWith("Ringtone parameter value is invalid.", "InvalidAudioSource")
        ]
        | None
    ) = None
    """What LEG-A hears while it rings: `s3://bucket/key` or a key. Default: the network's tone."""

    bridge_endpoint_type: Annotated[
        Literal["PSTN", "AWS"],
        Open,
        Field(alias="Endpoints.0.BridgeEndpointType"),
        Sent(always=True),
        _ENDPOINT,
    ] = "PSTN"
    """`PSTN` for a phone number, `AWS` for a Voice Connector."""

    uri: Annotated[NonEmpty, Field(alias=_URI), _ENDPOINT]
    """Whom to call: an E.164 number, or the user part (1 to 36 characters) behind a connector."""

    arn: Annotated[str | None, Field(alias="Endpoints.0.Arn"), _ENDPOINT] = None
    """ARN of the Voice Connector or its group, for `bridge_endpoint_type="AWS"` only."""

    sip_headers: SipHeaders | None = None
    """Custom headers of the call: `X-...`, `User-to-User`, `Diversion`."""

    @model_validator(mode="before")
    @classmethod
    def _endpoint_has_a_uri(cls, given: Mapping[str, object]) -> Mapping[str, object]:
        # An endpoint without one is an endpoint all the same: their number is right.
        if any(key.startswith("Endpoints.0.") for key in given) and not given.get(_URI):
            raise wrong("uri", "an endpoint needs a Uri", says=_ENDPOINT.error_message)
        return given

    @model_validator(mode="after")
    def _endpoint_is_one(self) -> Self:
        match (self.model_extra or {}).get("Endpoints"):
            case [_, _, *_]:
                raise wrong("uri", "Endpoints has exactly one entry", says=_NUMBER.error_message)
            case _:
                return self

    @model_validator(mode="after")
    def _endpoint_is_whole(self) -> Self:
        if self.bridge_endpoint_type == "PSTN":
            if self.arn is not None:
                raise wrong("arn", 'a PSTN endpoint has no ARN: set bridge_endpoint_type="AWS"')
            if re.fullmatch(E164, self.uri) is None:
                raise wrong(
                    "uri",
                    "a PSTN endpoint is an E.164 number, as in +15550100300. A SIP address is "
                    'reached by bridge_endpoint_type="AWS", with the arn of a Voice Connector, '
                    "and its uri is what is before the @",
                )
        elif self.bridge_endpoint_type == "AWS":
            if re.fullmatch(_CONNECTOR, self.arn or "") is None:
                raise wrong("arn", "an AWS endpoint needs arn:aws:chime:REGION:ACCOUNT:vc/ID")
            if re.fullmatch(_USER, self.uri) is None:
                raise wrong(
                    "uri",
                    "what is before the @, behind a Voice Connector, has 1 to 36 of "
                    "a-z A-Z 0-9 & = + $ / % - _ ! ~ * ( ) .",
                )
        return self
