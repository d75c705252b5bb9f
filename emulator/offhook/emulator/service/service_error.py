"""How an operation of the API says no."""

from offhook.handler.errors import OffhookError


class ServiceError(OffhookError):
    """An operation fails, by the name of its exception in the service model.

    The status comes from the model: `NotFoundException` is 404 because botocore says so.
    """

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.message = message


def bad_request(message: str) -> ServiceError:
    """400: the request cannot be carried out as it is."""
    return ServiceError("BadRequestException", message)


def not_found(message: str) -> ServiceError:
    """404: there is no such thing."""
    return ServiceError("NotFoundException", message)


def conflict(message: str) -> ServiceError:
    """409: something else is in the way."""
    return ServiceError("ConflictException", message)


def limit_exceeded(message: str) -> ServiceError:
    """400: a quota of the account is used up."""
    return ServiceError("ResourceLimitExceededException", message)
