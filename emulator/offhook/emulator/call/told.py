"""What the function of a call is told, and what it answers (reference A, C)."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, cast

from offhook.actions.complaints import Complaint
from offhook.emulator.call.complaints import BLANK, check, of_text
from offhook.emulator.call.leg import Leg
from offhook.emulator.call.payload import Identity, payload
from offhook.emulator.function.function import Failure, Invoked
from offhook.emulator.function.invoker import LOGS
from offhook.emulator.function.moment import MOMENT
from offhook.emulator.settings import Settings
from offhook.handler.events import about

Json: TypeAlias = Mapping[str, object]

_COMPLAINT = "INVALID_LAMBDA_RESPONSE"

_PREFIX = re.compile(
    r"^(\[[A-Z]+\]\t)?\d{4}-\d\d-\d\dT[\d:.]+Z\t(?:[\da-f-]{36}|undefined)?\t(?:([A-Z]+)\t)?"
)
"""What Lambda puts before a line that is logged, in Python and in Node: the level, when, and by
which request, which differs in each."""


def _level(prefix: re.Match[str]) -> str:
    level = prefix[1] or prefix[2] or ""
    return f"{level.strip()} " if level else ""


class Dropped(Exception):
    """The service ends the call with 480: `log` is its log line, `hint` what to do about it."""

    def __init__(self, log: str, hint: str, failure: Failure | None = None) -> None:
        super().__init__(log)
        self.log = log
        self.hint = hint
        self.failure = failure
        """How the invocation failed; `None` when there was a reply."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One event, and what came of it."""

    event: Json
    invoked: Invoked
    is_obeyed: bool
    """Whether actions in the reply would be run."""
    sent: float
    """When the event was sent, in seconds of the call's clock."""
    at: float
    """When the reply came, by the same clock."""
    seconds: float
    """How long it took, by the call's clock or by the wall clock, whichever says more."""


class Way(Protocol):
    """The way to the function of the application that has the call."""

    @property
    def sip_media_application_id(self) -> str:
        """The application: another one after a fail-over."""
        ...

    async def invoke(self, event: Json, report: Callable[[str], None]) -> Invoked:
        """Bring the function an event. Never raises."""
        ...


class Told:
    """What a call's function is told, and what it answers: sequence, attributes, complaints."""

    def __init__(
        self,
        identity: Identity,
        way: Way,
        settings: Settings,
        *,
        report: Callable[[str], None],
        log: Callable[[str], None],
        now_ms: Callable[[], int],
        deliveries: int = 1,
    ) -> None:
        """Each event is delivered as often as `deliveries` says; the last answer counts. `report`
        takes what happened, `log` what the function itself writes, line by line; `now_ms` is the
        call's clock, which functions of this process see."""
        self.identity = identity
        self.way = way
        self._settings = settings
        self._report = report
        self._log = log
        self._now_ms = now_ms
        self.attributes: Json = {}
        """TransactionAttributes, as last stored."""
        self.events: list[dict[str, object]] = []
        """What was told, oldest first."""
        self.replies: list[object] = []
        """What was answered, as JSON; `None` where the function failed."""
        self.turns: list[Turn] = []
        """Both, and more of each."""
        self._deliveries = deliveries

    @property
    def has_complained(self) -> bool:
        """Whether the last event was INVALID_LAMBDA_RESPONSE, which is about no leg."""
        return bool(self.events) and self.events[-1]["InvocationEventType"] == _COMPLAINT

    async def tell(
        self,
        event_type: str,
        legs: Sequence[Leg],
        action_data: Json | None = None,
        *,
        obeys: bool = True,
    ) -> Sequence[Json]:
        """Tell an event; the actions to run, or none to go on. Raises `Dropped`.

        With `obeys=False` nothing that is answered has an effect.
        """
        told = await self._invoke(event_type, legs, action_data, obeys=obeys)
        reply = told.reply
        if told.error:
            is_informed = event_type == "ACTION_INTERRUPTED" or all(leg.is_gone for leg in legs)
            if not is_informed:
                raise _dropped(told)
        if not self.turns[-1].is_obeyed:
            self._ignore(event_type, told)
            return ()
        complaint = of_text(told.said, event_type)
        if complaint is None:
            return self._accept(cast("Json", reply))
        if event_type == "HANGUP" and not (isinstance(reply, dict) and reply):
            # Samples answer it with nothing, () or [], also while the other leg is still there.
            self._report(f"the reply to HANGUP is no envelope, and ignored: {complaint.hint}")
            return ()
        if (
            event_type == "NEW_INBOUND_CALL"
            and complaint.log == "Actions list is empty."
            and self._settings.empty_reply_to_new_inbound_call == "ring"
        ):
            return self._accept(cast("Json", reply))
        return await self._after(complaint, event_type, legs)

    async def _after(
        self, complaint: Complaint, event_type: str, legs: Sequence[Leg]
    ) -> Sequence[Json]:
        """A reply that cannot be used: told once, dropped at the second in a row."""
        on_first = event_type == "NEW_INBOUND_CALL" and not complaint.attributes
        if complaint.log == BLANK or on_first or self._settings.bad_reply == "hang_up":
            raise Dropped(complaint.log, complaint.hint)
        self._report(f"reply refused: {complaint.log} — {complaint.hint}")
        told = await self._invoke(_COMPLAINT, legs, error=(complaint.error_type, complaint.log))
        if told.error:
            raise _dropped(told)
        again = check(told.reply, _COMPLAINT)
        if again is not None:
            raise Dropped(again.log, f"{again.hint}. It is the second such reply in a row")
        return self._accept(cast("Json", told.reply))

    async def _invoke(
        self,
        event_type: str,
        legs: Sequence[Leg],
        action_data: Json | None = None,
        *,
        error: tuple[str, str] | None = None,
        obeys: bool = True,
    ) -> Invoked:
        if len(self.events) >= self._settings.max_invocations:
            raise Dropped(
                f"{self._settings.max_invocations} invocations of one call",
                "a call may invoke its function so often and no more: it looks like a loop",
            )
        event = payload(
            event_type,
            sequence=len(self.events) + 1,
            identity=self.identity,
            sip_media_application_id=self.way.sip_media_application_id,
            legs=legs,
            attributes=self.attributes,
            action_data=action_data,
            error=error,
        )
        self.events.append(event)
        loop = asyncio.get_running_loop()
        began = loop.time()
        MOMENT.set(self._now_ms() / 1000)
        answer = await self.way.invoke(event, self._report)
        for _ in range(self._deliveries - 1):
            answer = await self.way.invoke(event, self._report)
        self.replies.append(answer.reply)
        is_obeyed = obeys and not _is_ignored(event_type, legs)
        seconds = max(answer.seconds, loop.time() - began)
        self.turns.append(Turn(event, answer, is_obeyed, began, loop.time(), seconds))
        for line in answer.log.splitlines():
            self._log(_PREFIX.sub(_level, line))
        self._report(f"{event_line(event)}  →  {answer_line(answer)}")
        return answer

    def _accept(self, reply: Json) -> Sequence[Json]:
        attributes = reply.get("TransactionAttributes")
        if isinstance(attributes, dict):
            self.attributes = cast("Json", attributes)
        return cast("Sequence[Json]", reply.get("Actions") or ())

    def _ignore(self, event_type: str, told: Invoked) -> None:
        stores = about(event_type).stores_attributes or (
            event_type == "ACTION_INTERRUPTED"
            and self._settings.interrupted_reply_stores_attributes
        )
        if not isinstance(told.reply, dict):
            return
        reply = cast("Json", told.reply)
        if stores and check(reply, event_type) is None:
            self._accept(reply)
        if reply.get("Actions"):
            self._report(f"actions in the reply to {event_type} are ignored")


def _dropped(told: Invoked) -> Dropped:
    return Dropped(LOGS[told.failure], told.error, told.failure)


def _is_ignored(event_type: str, legs: Sequence[Leg]) -> bool:
    if about(event_type).actions == "ignored" or all(leg.is_gone for leg in legs):
        return True
    rings = legs[0].status is None and legs[0].direction == "Outbound"
    return event_type == "CALL_UPDATE_REQUESTED" and rings


def event_line(event: Json) -> str:
    """`ACTION_SUCCESSFUL 2 (SpeakAndGetDigits, 1)`."""
    data = event.get("ActionData")
    about = ""
    if isinstance(data, dict):
        action = cast("Json", data)
        details = [str(action.get("Type"))]
        if "ReceivedDigits" in action:
            details.append(str(action["ReceivedDigits"]) or "no digits")
        if "ErrorType" in action:
            details.append(f"{action['ErrorType']}: {action.get('ErrorMessage')}")
        if "Error" in action:
            details.append(str(action["Error"]))
        about = f" ({', '.join(details)})" if event["InvocationEventType"] != "HANGUP" else ""
    error = f" ({event['ErrorType']})" if "ErrorType" in event else ""
    return f"{event['InvocationEventType']} {event['Sequence']}{about}{error}"


def answer_line(answer: Invoked) -> str:
    """`Speak, Hangup`, or how it failed."""
    if answer.error:
        return f"failed: {answer.error}"
    reply = answer.reply
    if not isinstance(reply, dict):
        return repr(reply)
    actions = cast("Json", reply).get("Actions")
    if not isinstance(actions, list) or not actions:
        return "no actions"
    return ", ".join(_type_of(action) for action in cast("list[object]", actions))


def _type_of(action: object) -> str:
    return str(cast("Json", action).get("Type")) if isinstance(action, dict) else repr(action)
