"""Every exception that Offhook raises. One family: `except OffhookError` catches them all."""


class OffhookError(Exception):
    """Something is wrong, and the message says what, where, and what to do."""


class MalformedEvent(OffhookError):
    """The function was invoked with something that is not as the service sends it."""


class OutOfPatience(OffhookError):
    """A flow took longer than `Router(patience_seconds=...)` allows, and was interrupted."""


class ReplyRefused(OffhookError):
    """What a flow returned is not a reply that the service would take."""


class RouteClash(OffhookError):
    """Two functions were registered for exactly the same events."""


class StateUnreadable(OffhookError):
    """The call's attributes do not hold the state that a flow asks for."""

    def __init__(self, message: str, faults: str = "") -> None:
        super().__init__(message)
        self.faults = faults
        """What is wrong with which field, without the values."""


class ArgumentsUnreadable(OffhookError):
    """The arguments of a call do not hold the model that a flow asks for."""


class CallError(OffhookError):
    """A call was not started, redirected or ended; or nobody knows whether it was.

    The name of the class is the error's code; a Step Functions `Catch` matches it.
    """

    status = 500
    """The HTTP status that says the same."""

    def __init_subclass__(cls, status: int = 0) -> None:
        cls.status = status or cls.status

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
        """When to ask again, with the same key; `None` where that is of no use."""


class RequestInvalid(CallError, status=400):
    """The request is not one that the service would take."""


class DialRefused(CallError, status=403):
    """The dial policy forbids this call."""


class NoSuchCall(CallError, status=404):
    """The ledger knows no call of this key, or the call is over."""


class KeyTaken(CallError, status=409):
    """The key belongs to another call."""


class Busy(CallError, status=429):
    """Not now: others are before this request, or as many calls are up as may be."""


class Unsettled(CallError, status=202):
    """Nobody knows yet whether the call was placed: ask again with the same key."""


class Unknown(CallError, status=504):
    """Nobody knows whether the call was placed, and nothing more is expected to tell."""


class LedgerFailed(CallError, status=503):
    """The ledger could not be read or written. Whatever was dialled, the same key may be asked for
    again: it never dials twice."""


class LedgerNewer(CallError, status=503):
    """The ledger holds what a later version of this code wrote, which this one cannot read."""


class NotConfigured(CallError):
    """A setting is missing or cannot be read."""
