"""What CreateSipMediaApplicationCall and UpdateSipMediaApplicationCall answer when they refuse.

Each documented error is a class of the same name (api/API_voice-chime): its HTTP status, whether
the call may be asked for again, and what the caller should do.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, TypeVar

from offhook.handler.errors import CallError, NotConfigured

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

T = TypeVar("T")


class ChimeError(CallError):
    """The service answered with an error. `str()` says what it said, and what to do."""

    advice: ClassVar[str] = "Look the error up in the service's API reference."
    is_refusal: ClassVar[bool] = True
    """Whether this answer proves that no call was placed and nothing was redirected."""
    is_temporary: ClassVar[bool] = False
    """Whether the same request may be accepted later."""


class BadRequestException(ChimeError):
    """400: a parameter is wrong."""

    status = 400
    advice = (
        "The number called from must be in your inventory, of product type "
        "SipMediaApplicationDialIn; both numbers are E.164."
    )


class ResourceLimitExceededException(ChimeError):
    """400: as many calls are up as the account may have."""

    status = 400
    advice = "Ask again when calls have ended, or have the quota of active calls raised."
    is_temporary = True


class UnauthorizedClientException(ChimeError):
    """401: the credentials are not known."""

    status = 401
    advice = "Check the function's role and its credentials."


class ForbiddenException(ChimeError):
    """403: the account may not do this."""

    status = 403
    advice = "Check that the account may use SIP media applications in this region."


class AccessDeniedException(ChimeError):
    """403: the role may not do this."""

    status = 403
    advice = (
        "The role needs chime:CreateSipMediaApplicationCall and "
        "chime:UpdateSipMediaApplicationCall on the application."
    )


class NotFoundException(ChimeError):
    """404: there is no such application, or the call is over."""

    status = 404
    advice = "The call has ended, or the id is of another application: nothing is left to redirect."


class ThrottledClientException(ChimeError):
    """429: too many requests."""

    status = 429
    advice = "Ask again after a pause. The default rates are 1 call and 5 updates in a second."
    is_temporary = True


class ServiceFailureException(ChimeError):
    """500: the service failed, perhaps after it had accepted the request."""

    status = 500
    advice = "Ask for the outcome with the same key; do not start the call under another one."
    is_refusal = False


class ServiceUnavailableException(ChimeError):
    """503: the service is unavailable; that it accepted nothing is not documented."""

    status = 503
    advice = ServiceFailureException.advice
    is_refusal = False


class NotConnected(ChimeError):
    """The service could not be reached: the request was never sent."""

    status = 503
    advice = "Check the network, the region and the endpoint; then ask again with the same key."
    is_temporary = True


class NoAnswer(ChimeError):
    """The request was sent, and no answer came that can be read."""

    status = 504
    advice = ServiceFailureException.advice
    is_refusal = False


DOCUMENTED: dict[str, type[ChimeError]] = {
    kind.__name__: kind
    for kind in sorted(ChimeError.__subclasses__(), key=lambda kind: kind.__name__)
    if kind.__name__.endswith("Exception")  # the others are none of the service's
}


def service_error(answer: "ClientError") -> ChimeError:
    """The error that the service answered. One that is not documented goes by its status."""
    code = answer.response.get("Error", {}).get("Code", "").removesuffix("Exception")
    status = answer.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
    said = answer.response.get("Error", {}).get("Message", "").rstrip(".") or "no reason given"
    kind = DOCUMENTED.get(f"{code}Exception") or _OTHERS.get(code) or _BY_STATUS.get(status)
    if kind is None:
        kind = BadRequestException if 400 <= status < 500 else ServiceFailureException
    wait = 2.0 if kind.is_temporary else None
    if code == "ExpiredToken":  # Lambda has new credentials for the next execution
        wait = 30.0
    said = f"{kind.__name__ if f'{code}Exception' in DOCUMENTED else code or status}: {said}"
    return kind(f"{said}. {kind.advice}", retry_after_seconds=wait)


_OTHERS: dict[str, type[ChimeError]] = {
    **dict.fromkeys(
        ("RequestLimitExceeded", "Throttled", "Throttling", "TooManyRequests"),
        ThrottledClientException,
    ),
    "RequestTimeout": NoAnswer,
}
"""What AWS's front doors answer, whatever the service."""

_BY_STATUS: dict[int, type[ChimeError]] = {
    401: UnauthorizedClientException,
    403: ForbiddenException,
    404: NotFoundException,
    408: NoAnswer,
    429: ThrottledClientException,
}


def sent(send: Callable[[], T]) -> T:
    """What `send` returns. Raises `ChimeError` for all that goes wrong in sending, and
    `NotConfigured` where there was nothing to send it with.

    Only what is known to happen before the request leaves counts as refused. The failure of a proxy
    does not: it may have passed the request on.
    """
    from botocore import exceptions

    try:
        return send()
    except exceptions.ClientError as error:
        raise service_error(error) from None
    except (exceptions.ConnectTimeoutError, exceptions.EndpointConnectionError) as error:
        said = f"{error}".rstrip(".")
        raise NotConnected(f"{said}. {NotConnected.advice}", retry_after_seconds=5) from None
    except (
        exceptions.CredentialRetrievalError,
        exceptions.NoCredentialsError,
        exceptions.NoRegionError,
        exceptions.ParamValidationError,
        exceptions.PartialCredentialsError,
    ) as error:
        raise NotConfigured(f"nothing was sent: {error}") from error
    except Exception as error:
        said = f"{type(error).__name__} instead of an answer. {NoAnswer.advice}"
        raise NoAnswer(said, retry_after_seconds=15) from error
