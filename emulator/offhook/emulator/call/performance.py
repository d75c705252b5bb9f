"""One action of a list, from the wire to its outcome."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias, cast

from pydantic import ValidationError

from offhook.actions.base import Action, ErrorType, action_class
from offhook.actions.refusals import INVALID_LEG, FailsWith, Refusal
from offhook.actions.wire import marker
from offhook.emulator.as_json import text_of, value_of
from offhook.emulator.call.behaviour import Behaviour, Stage
from offhook.emulator.call.far_end import LiveCall
from offhook.emulator.call.leg import Leg
from offhook.emulator.call.refused import Refused, refusal_of
from offhook.emulator.call.world import World
from offhook.emulator.call.wrong import wrong

Json: TypeAlias = Mapping[str, object]
Find: TypeAlias = Callable[[type[Action[object]]], Behaviour[Action[object]] | None]
"""The behaviour of an action; `None` where there is none yet."""

LOST_AFTER_SECONDS = 0.5
"""How far into an action a leg is lost on purpose."""

KEPT: Final = 256
"""So many actions are read once, however often they are performed."""
ANY_LEG: Final = "00000000-0000-4000-8000-000000000000"
"""The CallId of an action that is read once for all legs."""

_SYSTEM = Refusal("SystemException", "System error while running action.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action came to."""

    succeeded: bool
    action_data: Json
    note: str = ""
    """For the person at the desk: why it failed."""


class Performance:
    """An action that is being performed on a leg."""

    def __init__(
        self, call: LiveCall, world: World, find: Find, wire: Json, invoked_leg: Leg
    ) -> None:
        self.call = call
        self._world = world
        self._settings = world.settings
        self.type = str(wire["Type"])
        self.sent = cast("Json", wire.get("Parameters") or {})
        self._kind = action_class(self.type)
        self.behaviour = find(self._kind) if self._kind is not None else None
        on = self.behaviour.on if self.behaviour is not None else None
        self.leg = _resolve(self.sent, call.legs, invoked_leg, on)
        self.began = call.loop.time()
        """When, in seconds of the loop's clock."""
        self.was_last = False
        """Whether it is done, and nothing came after it in its list."""
        self.was_replaced = False
        """Whether it is done, and its list was replaced meanwhile."""
        self._has_begun = False
        self._echo: Json = {}
        self._so_far: Json = {}

    async def run(self) -> Outcome:
        """Perform it; never raises but to be cancelled."""
        try:
            return Outcome(True, {**await self._perform(), **self.data()})
        except Refused as refused:
            return Outcome(False, self._failure(refused.refusal), refused.note)

    async def _perform(self) -> Json:
        if self._kind is None:
            raise Refused(_SYSTEM)
        read = dict(self.sent)
        if read.get("CallId"):
            read.pop("ParticipantTag", None)  # "Ignored if you specify CallId"
        call_id, tag = (self.leg.call_id, self.leg.tag) if self.leg else ("", "")
        if self.behaviour and (advice := self.behaviour.reads(read, call_id, self._settings)):
            self.call.ladder.report(tag, "note", advice)
        is_taken = self._settings.values_that_are_not_listed == "taken"
        try:
            same = on_any_leg(read, (call_id,)) if call_id else read
            action = _read(self._kind, text_of(same), open_lists=is_taken)
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            found, why = wrong(self._kind, fault)
            is_of_list = fault["type"] in ("unlisted", "literal_error")
            if is_of_list and isinstance(fault["input"], str):
                why += '; values_that_are_not_listed = "taken" takes what AWS has added'
            raise Refused(refusal_of(self._kind, error), f"{found}: {why}") from None
        if self.behaviour is None:
            raise Refused(_SYSTEM, f"{self.type} is not emulated yet")
        leg = self._where(self._kind, self.behaviour)
        self._strike(self.behaviour)
        self._echo = self.behaviour.echo(self.sent)
        if self.behaviour.answers:
            leg.answer()
        stage = Stage(leg, self.call, self._world, cast("Json", self.data()["Parameters"]))
        self._so_far = stage.so_far
        self._has_begun = True
        self._lose_legs()
        return await self.behaviour.perform(action, stage) or {}

    def _strike(self, behaviour: Behaviour[Action[object]]) -> None:
        """Raises `Refused` where the action, or something that it needs, fails on purpose."""
        fault = self._world.strike(self.call, (self.type, *behaviour.at_fault))
        if fault is not None:
            asked = Refusal(cast("ErrorType", fault.value), fault.message)
            raise Refused(behaviour.at_fault.get(fault.name, asked), f"on purpose: {fault.what}")

    def _lose_legs(self) -> None:
        """A leg that is to be lost is lost in the middle of any action."""
        for leg in self.call.legs:
            if leg.is_connected and self._world.strike(self.call, ("leg-lost",), leg.tag):
                self.call.loop.call_later(LOST_AFTER_SECONDS, self.call.loses, leg)

    def _where(self, kind: type[Action[object]], behaviour: Behaviour[Action[object]]) -> Leg:
        """The leg it runs on. Raises `Refused` where it cannot run."""
        if behaviour.without_leg_b is not None and self.call.leg_b is None:
            raise Refused(behaviour.without_leg_b, "the call has no LEG-B")
        if self.leg is None or self.leg.is_gone:
            raise Refused(_no_such_leg(kind), f"there is no such leg now: {_legs(self.call.legs)}")
        if behaviour.on not in (None, self.leg.tag):
            raise Refused(_no_such_leg(kind), f"{self.type} runs on {behaviour.on} only")
        return self.leg

    @property
    def tells(self) -> bool:
        """Whether its success is told: it was the last of its list, or is always told."""
        if self.was_last or self.behaviour is None or not self.behaviour.notifies:
            return self.was_last
        return not self.was_replaced or self._settings.success_of_a_replaced_action == "told"

    @property
    def is_interruptible(self) -> bool:
        """Whether a call update stops it."""
        return self.behaviour is not None and self.behaviour.interruptible

    def when_left(self) -> tuple[str, Json] | None:
        """The event, and its ActionData, when the person on the leg hangs up meanwhile."""
        event = self.behaviour.when_left if self.behaviour and self._has_begun else None
        if event == "ACTION_FAILED":
            message = self._settings.invalid_digits_message
            return event, self._failure(Refusal("InvalidDigitsReceived", message))
        return (event, {**self._so_far, **self.data()}) if event else None

    def _failure(self, refusal: Refusal) -> Json:
        error = {"ErrorType": refusal.error_type, "ErrorMessage": refusal.error_message}
        if self.behaviour is None:
            return {**self.data(), **error}
        is_string = refusal.error_type == "SystemException" and self.behaviour.error_string
        if is_string and self._settings.system_exception == "error_string":
            error = {"Error": self.behaviour.error_string}
        return {**self.data(), **error, **self.behaviour.failed_with}

    def data(self) -> Json:
        """Type and Parameters as the service echoes them: what was sent, and a little more."""
        echo: dict[str, object] = dict(self.sent)
        for name, value in self._echo.items():
            echo.setdefault(name, value)
        if self.leg is not None and not echo.get("CallId"):
            echo["CallId"] = self.leg.call_id
            if self._settings.echo_participant_tag:
                echo["ParticipantTag"] = self.leg.tag
        return {"Type": self.type, "Parameters": echo}


def on_any_leg(parameters: Json, call_ids: Container[object]) -> Json:
    """The same for whichever of these legs it is: else they are other ones in each call."""
    is_one = parameters.get("CallId") in call_ids
    return {**parameters, "CallId": ANY_LEG} if is_one else parameters


@lru_cache(KEPT)
def _read(kind: type[Action[object]], parameters: str, *, open_lists: bool) -> Action[object]:
    """An action of some JSON: it never changes, and most calls have the same. Raises
    `ValidationError`."""
    return kind.from_parameters(cast("Json", value_of(parameters)), open_lists=open_lists)


def _resolve(sent: Json, legs: Sequence[Leg], invoked: Leg, on: str | None) -> Leg | None:
    """The leg that an action names. CallId wins; without either, the one that it can run `on`, or
    the leg of the event."""
    for key, name in (("CallId", "call_id"), ("ParticipantTag", "tag")):
        wanted = sent.get(key)
        if wanted:
            return next(
                (leg for leg in legs if getattr(leg, name) == wanted and not leg.is_gone), None
            )
    if on is not None:
        return next((leg for leg in legs if leg.tag == on), None)
    if invoked.is_connected:
        return invoked
    return next((leg for leg in legs if not leg.is_gone), None)


def _no_such_leg(kind: type[Action[object]]) -> Refusal:
    field = kind.model_fields.get("call_id")
    says = marker(field, FailsWith) if field is not None else None
    return Refusal(says.error_type, says.error_message) if says is not None else INVALID_LEG


def _legs(legs: Sequence[Leg]) -> str:
    return ", ".join(f"{leg.tag} {leg.status or 'unanswered'}" for leg in legs)
