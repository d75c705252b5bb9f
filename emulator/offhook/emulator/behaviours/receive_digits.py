"""ReceiveDigits: keys pressed on the leg are listened to, in the background."""

from asyncio import TimerHandle
from collections.abc import Iterable

from offhook.actions.receive_digits import ReceiveDigits
from offhook.emulator.call.behaviour import Stage, SuccessData, behaviour
from offhook.emulator.call.deeds import Deed, Known, presses
from offhook.emulator.call.expressions import matches


@behaviour()
async def receive_digits(action: ReceiveDigits, stage: Stage) -> SuccessData:
    """Listen from now on; whatever listened on this leg before does no more."""
    if isinstance(stage.leg.listener, Listener):
        stage.leg.listener.forget()
    stage.leg.listener = listener = Listener(action, stage)
    stage.leg.at_end(listener.forget)
    return {"ReceivedDigits": ""}


class Listener:
    """Collects keys. After a quiet time they are tested; after the flush time, forgotten."""

    def may(self, known: Known) -> Iterable[Deed]:
        """Keys that it waits for, and keys that it does not."""
        return presses(self._expression, known)

    def __init__(self, action: ReceiveDigits, stage: Stage) -> None:
        self._stage = stage
        self._expression = action.input_digits_regex
        self._between = action.in_between_digits_duration_in_milliseconds / 1000
        self._flush = action.flush_digits_duration_in_milliseconds / 1000
        self._digits = ""
        self._quiet_timer: TimerHandle | None = None
        self._flush_timer: TimerHandle | None = None

    @property
    def state(self) -> tuple[object, ...]:
        """What it waits for, what was pressed of it, and for how long it still waits."""
        now = self._stage.leg.loop.time()
        timers = (timer for timer in (self._quiet_timer, self._flush_timer) if timer is not None)
        left = (max(0.0, round(timer.when() - now, 1)) for timer in timers)
        return self._expression, self._between, self._flush, self._digits, *left

    def __call__(self, key: str) -> bool:
        """Take a key: the first starts the flush timer, each restarts the quiet timer."""
        self._digits += key
        loop = self._stage.leg.loop
        if self._flush_timer is None:
            self._flush_timer = loop.call_later(self._flush, self._flushed)
        if self._quiet_timer is not None:
            self._quiet_timer.cancel()
        self._quiet_timer = loop.call_later(self._between, self._quiet)
        return True

    def forget(self) -> str:
        """Stop the timers, and give out what was pressed."""
        for timer in (self._quiet_timer, self._flush_timer):
            if timer is not None:
                timer.cancel()
        self._quiet_timer = self._flush_timer = None
        digits, self._digits = self._digits, ""
        return digits

    def _quiet(self) -> None:
        if matches(self._expression, self._digits, self._stage):
            self._tell(self.forget())
            if self._stage.settings.receive_digits_after_a_match == "ends":
                self._stage.leg.listener = None

    def _flushed(self) -> None:
        digits = self.forget()
        if self._stage.settings.unmatched_digits == "send":
            self._tell(digits)

    def _tell(self, digits: str) -> None:
        data = {"ReceivedDigits": digits, "Type": "ReceiveDigits", "Parameters": self._stage.echo}
        self._stage.call.received_digits(self._stage.leg, data)
