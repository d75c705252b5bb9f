"""What CreateSipMediaApplicationCall and UpdateSipMediaApplicationCall answer when they refuse.

Each documented error is a class of the same name (api/API_voice-chime): its HTTP status, whether
the call may be asked for again, and what the caller should do.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, TypeVar

from offhook.handler.errors import CallError, LedgerFailed, NotConfigured

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

T = TypeVar("T")


class ChimeError(CallError):
    """The service answered with an error. `str()` says what it said, and what to do."""

    advice: ClassVar[str] = (
        "Ask for the outcome with the same key; do not start the call under another one."
    )
    """What to do; this, where nobody knows what the service has done."""
    is_refusal: ClassVar[bool] = True
    """Whether this answer proves that no call was placed and nothing was redirected."""
    is_temporary: ClassVar[bool] = False
    """Whether the same request may be accepted later."""

    def __init_subclass__(
        cls, *, status: int, is_refusal: bool = True, is_temporary: bool = False
    ) -> None:
        cls.status, cls.is_refusal, cls.is_temporary = status, is_refusal, is_temporary


class BadRequestException(ChimeError, status=400):
    """400: a parameter is wrong."""

    advice = (
        "The number called from must be in your inventory, of product type "
        "SipMediaApplicationDialIn; both numbers are E.164."
    )


class ResourceLimitExceededException(ChimeError, status=400, is_temporary=True):
    """400: as many calls are up as the account may have."""

    advice = "Ask again when calls have ended, or have the quota of active calls raised."


class UnauthorizedClientException(ChimeError, status=401):
    """401: the credentials are not known."""

    advice = "Check the function's role and its credentials."


class ForbiddenException(ChimeError, status=403):
    """403: the account may not do this."""

    advice = "Check that the account may use SIP media applications in this region."


class AccessDeniedException(ChimeError, status=403):
    """403: the role may not do this."""

    advice = (
        "The role needs chime:CreateSipMediaApplicationCall and "
        "chime:UpdateSipMediaApplicationCall on the application."
    )


class NotFoundException(ChimeError, status=404):
    """404: there is no such application, or the call is over."""

    advice = "The call has ended, or the id is of another application: nothing is left to redirect."


class ThrottledClientException(ChimeError, status=429, is_temporary=True):
    """429: too many requests."""

    advice = "Ask again after a pause. The default rates are 1 call and 5 updates in a second."


class ServiceFailureException(ChimeError, status=500, is_refusal=False):
    """500: the service failed, perhaps after it had accepted the request."""


class ServiceUnavailableException(ChimeError, status=503, is_refusal=False):
    """503: the service is unavailable; that it accepted nothing is not documented."""


class NotConnected(ChimeError, status=503, is_temporary=True):
    """The service could not be reached: the request was never sent."""

    advice = "Check the network, the region and the endpoint; then ask again with the same key."


class NoAnswer(ChimeError, status=504, is_refusal=False):
    """The request was sent, and no answer came that can be read."""


DOCUMENTED: dict[str, type[ChimeError]] = {
    name: kind for name, kind in sorted(globals().items()) if name.endswith("Exception")
}


def service_error(answer: "ClientError") -> ChimeError:
    """The error that the service answered. One that is not documented goes by its status."""
    code = answer.response.get("Error", {}).get("Code", "").removesuffix("Exception")
    status = answer.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
    said = answer.response.get("Error", {}).get("Message", "").rstrip(".") or "no reason given"
    kind = DOCUMENTED.get(f"{code}Exception") or _OTHERS.get(code) or _OTHERS.get(status)
    if kind is None:
        kind = BadRequestException if 400 <= status < 500 else ServiceFailureException
    # Lambda has new credentials for the next execution.
    wait = 30.0 if code == "ExpiredToken" else 2.0 if kind.is_temporary else None
    said = f"{kind.__name__ if f'{code}Exception' in DOCUMENTED else code or status}: {said}"
    return kind(f"{said}. {kind.advice}", retry_after_seconds=wait)


_OTHERS: dict[str | int, type[ChimeError]] = {
    **dict.fromkeys(("RequestTimeout", 408), NoAnswer),
    **dict.fromkeys(
        ("RequestLimitExceeded", "Throttled", "Throttling", "TooManyRequests", 429),
        ThrottledClientException,
    ),
    401: UnauthorizedClientException,
    403: ForbiddenException,
    404: NotFoundException,
}
"""What AWS's front doors answer, whatever the service: by code or by status."""


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


@contextmanager
def of_the_ledger() -> Generator[None]:
    """Raises `LedgerFailed` for what goes wrong between us and DynamoDB."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        said = type(error).__name__
        if isinstance(error, ClientError):
            said = error.response.get("Error", {}).get("Code") or said
        raise LedgerFailed(
            f"the ledger failed ({said}): ask again with the same key, which never dials twice",
            retry_after_seconds=5,
        ) from error
