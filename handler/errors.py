"""Every exception that Offhook raises. One family: `except OffhookError` catches them all."""


class OffhookError(Exception):
    """Something is wrong, and the message says what, where, and what to do."""


class MalformedEvent(OffhookError):
    """The function was invoked with something that is not an event of the service."""


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
