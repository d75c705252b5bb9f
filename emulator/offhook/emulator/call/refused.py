"""How a behaviour says that the service would not do it."""

from offhook.actions.refusals import Refusal


class Refused(Exception):
    """An action failed: ACTION_FAILED with this `ErrorType` and `ErrorMessage`.

    `note` is for the person at the desk: what was looked for and what to do.
    """

    def __init__(self, refusal: Refusal, note: str = "") -> None:
        super().__init__(f"{refusal.error_type}: {refusal.error_message}")
        self.refusal = refusal
        self.note = note
