"""The map of the line that a call is on, explored while the call goes on, and where it is on it."""

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, TypeAlias, cast

from offhook.actions.base import Action
from offhook.emulator import threads
from offhook.emulator.call.behaviour import Behaviour, Perform, Stage, SuccessData
from offhook.emulator.call.call import Call
from offhook.emulator.explore.explored import Explored, Progress, Told
from offhook.emulator.explore.plan import Plan
from offhook.emulator.explore.situation import Now
from offhook.emulator.server.desk.endpoint import Cannot
from offhook.emulator.service.config import Desk
from offhook.emulator.service.service import Service
from offhook.emulator.viewer.page import page

Json: TypeAlias = Mapping[str, object]

MOST_SECONDS: Final = 60.0
"""Of one exploration, also where the configuration says more."""
MOST_MAPS, MOST_MOMENTS = 8, 200
"""So many maps are kept, and of each call that is up so many of its latest moments."""
PICKED_UP: Final = ("answers", "machine", None)
"""Whoever is called, as exploration knows them; while it rings, nobody."""


class Map:
    """Of one call: all calls that begin like it."""

    def __init__(
        self, desk: Desk, function: str, plan: Plan, is_wanted: Callable[[], bool]
    ) -> None:
        self._desk = desk
        self._function = function
        self.plan = plan
        self._is_wanted = is_wanted
        self.says = "the function is loaded in a process of its own"
        """How far it is; why there is none, where it has failed."""
        self.explored: Explored | None = None
        self.has_failed = False
        self._numbers: Mapping[str, int] = {}

    def explore(self) -> None:
        """All of it, in any thread; where nobody wants it any more, it ends."""
        from offhook.emulator.explore.jobs import explore_apart

        try:
            explored = explore_apart(self._desk, self._function, self.plan, self._tell)
        except Exception as error:  # whatever is wrong there, the call goes on
            self.has_failed = True
            self.says = f"no map: {error}"
        else:
            self._numbers = {name: number for number, name in enumerate(explored.boxes)}
            left = "" if explored.is_complete else ", not explored to the end"
            self.says = f"{explored.situations} situations, {explored.paths} paths{left}"
            self.explored = explored

    def page(self) -> str:
        """To look at. Raises `Cannot` where it is not done."""
        if self.explored is None:
            raise Cannot(f"the map is not there: {self.says}", 409)
        from offhook.emulator.explore.drawn import drawn
        from offhook.emulator.explore.jobs import Result
        from offhook.emulator.explore.options import Options

        result = Result(self._function, [self.explored])
        return page({**drawn([result], Options(updates=self.plan.updates)), "reached": []})

    def number(self, now: Now, call: Call) -> int | None:
        """The situation's on the map, if it is there."""
        assert self.explored is not None
        rung = [leg.tag for leg in call.every_leg if leg.direction == "Outbound"]
        for gone in (self.explored.growing, set[str]()):
            for who in PICKED_UP:
                name = now.name(call, _without(gone), dict.fromkeys(rung, who))
                if name in self._numbers:
                    return self._numbers[name]
        return None

    def _tell(self, what: Told) -> None:
        if not self._is_wanted():
            raise Cannot("nobody looks at it any more: ask for it again")
        if isinstance(what, Progress):
            from offhook.emulator.explore.report import told

            self.says = told(what)


class Atlas:
    """The maps of a desk. While nobody has a page, it costs a call nothing."""

    def __init__(self, service: Service, is_watched: Callable[[], bool]) -> None:
        """`is_watched`: whether a page is open."""
        self._service = service
        self._is_watched = is_watched
        self._maps: OrderedDict[str, Map] = OrderedDict()
        self._moments: dict[str, deque[Now]] = {}
        self._behaviours: dict[type[Action[object]], Behaviour[Action[object]] | None] = {}
        self._found, service.find = service.find, self._find

    def ask(self, call: Call, changed: Callable[[], None]) -> None:
        """Explore how calls like this one can go, beside it; `changed` is called when that is done.
        Raises `Cannot`, `OffhookError`."""
        desk, its_id = self._service.desk, call.transaction_id
        if its_id in self._maps and not self._maps[its_id].has_failed:
            return
        if desk.real_aws:
            raise Cannot(
                "the function has real AWS credentials, and a map plays it thousands of times: "
                "`offhook explore --map map.html` does that where you want it"
            )
        account = self._service.account
        function = account.line(account.application(call.sip_media_application_id)).function
        s3 = {"s3": None} if desk.s3_endpoint.startswith("embedded:") else {}
        alone = desk.model_copy(update={"port": None, **s3})  # its ports are this process's
        self._maps[its_id] = made = Map(alone, function, _plan(call, desk), self._is_watched)
        while len(self._maps) > MOST_MAPS:
            self._maps.popitem(last=False)

        def explore() -> None:
            made.explore()
            with suppress(RuntimeError):  # the loop is closed: nobody looks
                self._service.loop.call_soon_threadsafe(changed)

        threads.run(explore)

    def of(self, call: Call) -> Map | None:
        """The map that was asked for, done or not."""
        return self._maps.get(call.transaction_id)

    def shown(self, call: Call) -> Json:
        """What a page is shown of it: how far it is, and where the call is now."""
        made = self.of(call)
        if made is None:
            return {"State": "none"}
        if made.explored is None:
            return {"State": "failed" if made.has_failed else "exploring", "Says": made.says}
        if _is_silent(call):
            self._note(call, Now.of(call, "silence", "LEG-A"))
        here, where = self._here(call, made)
        return {"State": "there", "Says": made.says, "Here": here, "Where": where}

    def look(self, call: Call) -> None:
        """Something has happened in a call; that it rings, no action tells."""
        leg = call.legs[0]
        if leg.direction == "Outbound" and leg.status is None and call.told.events:
            self._note(call, Now.of(call, "rings", leg.tag))

    def forget(self, there: set[str]) -> None:
        """Only these calls can still be looked at."""
        for kept in (self._moments, self._maps):
            for gone in kept.keys() - there:
                del kept[gone]

    def _here(self, call: Call, made: Map) -> tuple[int | None, str]:
        moments = [*self._moments.get(call.transaction_id, ())]
        numbers = [made.number(now, call) for now in moments]
        last = next((number for number in reversed(numbers) if number is not None), None)
        if last is None:
            return None, "The call is in no situation of the map so far."
        if call.has_ended:
            return last, f"The call is over; its last situation was {last}."
        if numbers[-1] is None and not _is_asked(call):
            why = "no call that was tried has the same attributes there, as with other keys"
            return None, f"{moments[-1].at} after situation {last} is not on the map: {why}."
        return last, f"The call is in situation {last}."

    def _note(self, call: Call, now: Now) -> None:
        moments = self._moments.setdefault(call.transaction_id, deque(maxlen=MOST_MOMENTS))
        if not moments or moments[-1] != now:
            moments.append(now)

    def _find(self, kind: type[Action[object]]) -> Behaviour[Action[object]] | None:
        """The behaviour of an action, which begins with a look at where that is on the map."""
        if kind not in self._behaviours:
            its = self._found(kind)
            self._behaviours[kind] = its and replace(its, perform=self._looking(its))
        return self._behaviours[kind]

    def _looking(self, its: Behaviour[Action[object]]) -> "Perform[Action[object]]":
        async def perform(action: Action[object], stage: Stage) -> SuccessData | None:
            if self._is_watched():
                call, at = cast("Call", stage.call), type(action).type_name()
                self._note(call, Now.of(call, at, stage.leg.tag))
            return await its.perform(action, stage)

        return perform


def _without(names: set[str]) -> Callable[[Json], Json]:
    return lambda attributes: {key: each for key, each in attributes.items() if key not in names}


def _is_silent(call: Call) -> bool:
    """Whether nothing more happens by itself."""
    is_up = call.legs[0].status is not None and not call.has_ended
    return is_up and not (call.actions.performance or call.actions.rest or _is_asked(call))


def _is_asked(call: Call) -> bool:
    """Whether the function has an event."""
    return len(call.told.events) > len(call.told.turns)


def _plan(call: Call, desk: Desk) -> Plan:
    """Calls that begin like this one."""
    usual, leg = desk.explore, call.every_leg[0]
    is_outbound = leg.direction == "Outbound"
    data = cast("Json", call.told.events[0].get("ActionData") or {})
    parameters = cast("Json", data.get("Parameters") or {})
    return Plan(
        number=leg.from_ if is_outbound else leg.to,
        from_=leg.to if is_outbound else leg.from_,
        at=datetime.fromtimestamp(call.started_ms / 1000, UTC),
        sip_headers=leg.invite_headers if is_outbound else leg.sip_headers,
        is_outbound=is_outbound,
        arguments=cast("Mapping[str, str]", parameters.get("Arguments") or {}),
        updates=usual.updates,
        faults=usual.faults,
        seconds=min(MOST_SECONDS, usual.seconds),
    )
