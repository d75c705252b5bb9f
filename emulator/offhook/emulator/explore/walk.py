"""One path: a call in which at each moment what was chosen happens, up to the next moment."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import accumulate
from typing import Protocol

from offhook.actions.base import Action
from offhook.actions.collecting import CollectsDigits
from offhook.actions.hangup import Hangup
from offhook.actions.start_bot_conversation import StartBotConversation
from offhook.emulator.behaviours import find
from offhook.emulator.behaviours.receive_digits import Listener
from offhook.emulator.call.audio import speech
from offhook.emulator.call.behaviour import Behaviour, Stage, SuccessData
from offhook.emulator.call.bots import Bot
from offhook.emulator.call.call import Call
from offhook.emulator.call.deeds import CALLS, PICKS_UP, Aside, Deed, Known
from offhook.emulator.call.far_end import FarEnd, LiveCall
from offhook.emulator.call.leg import Leg
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.explore.ends import Ends, how_it_ended
from offhook.emulator.explore.failing import failures, on_purpose, wavs
from offhook.emulator.explore.people import (
    PEOPLE,
    SOON,
    after_the_prompt,
    can,
    of_legs,
    of_listener,
    presses,
    there,
)
from offhook.emulator.explore.plan import Plan
from offhook.emulator.explore.situation import without_stamps
from offhook.emulator.faults import Fault
from offhook.emulator.service.service import Service

DEPLOYMENT = Deed("deployment")
"""From here on this version answers, and not the one before."""
RUNG = {deed.does for deed in PICKS_UP}
WAITS, HANGS_UP = Deed("waits"), Deed("hangs up")


class Ground(Protocol):
    """Where paths are walked."""

    plan: Plan
    known: Known
    loop: VirtualLoop
    service: Service
    placed: Call | None
    """The call of the path that is walked."""
    walk: "Walk | None"
    """The path that is walked; `None` out of one."""
    behaviours: dict[type[Action[object]], Behaviour[Action[object]]]
    """Those of actions, before which something is chosen: made once."""

    def place(self, walk: "Walk", /) -> Call:
        """A call in which the walk decides."""
        ...

    def situation(self, call: Call, at: str, who: str, walk: "Walk", /) -> str:
        """A name for what is so now, for all that a function can know."""
        ...

    def case(self, action: Mapping[str, object], /) -> str:
        """A name for what a function would know of an action that fails now."""
        ...


@dataclass(frozen=True, slots=True)
class Moment:
    """When something may happen, and what."""

    situation: str
    """Its name; empty where a shorter path has told it."""
    at: str
    """The action that runs, or what is waited for."""
    who: str
    """Whose deeds they are."""
    deeds: Sequence[Deed]
    entries: int
    """How many lines the ladder had."""
    turns: int
    """How many events had been told."""


@dataclass
class Walk:
    """The choices, and what came of them."""

    ground: Ground
    choices: Sequence[Deed]
    """What happens at each of the moments."""
    first: Deed = CALLS
    """What happens before any of them."""
    asides: dict[str, Sequence[Aside]] = field(default_factory=dict[str, Sequence[Aside]])
    """What the service could have done by the way since the last choice, in each case."""
    supposes: set[str] = field(default_factory=set[str])
    """The ARNs of bots that nobody has scripted."""
    moments: list[Moment] = field(default_factory=list[Moment])
    """One for each choice; and the next one, if the call goes on."""
    ends: Ends = "goes on"
    strays: bool = False
    """Whether what was chosen cannot happen, as the function is not the same as it was."""
    is_told: bool = False
    """Whether the situations that shorter paths have told are told again."""
    stranded: tuple[str, int] | None = None
    """Who was left in silence, with nothing that could end it but they themselves; and after how
    many events."""
    hears_nothing: bool = False
    """Whether, where it was silent last, one person alone could end it by a key."""
    call: Call | None = None
    people: dict[str, str] = field(default_factory=dict[str, str])
    """Who is on the legs of those that were called, by what they do."""
    _far_end: FarEnd | None = None
    _is_over: bool = False
    _performed: int = 0

    def __post_init__(self) -> None:
        planned = (self.first, *self.choices)
        self._asides = {(a.to, a.number): a for deed in planned for a in deed.asides}
        self._disturbed = [*accumulate(len(deed.disturbances) for deed in planned)]
        """By how much, up to each of them."""

    @property
    def deeds(self) -> Sequence[Deed]:
        """What has happened, in order; that there is a call goes without saying."""
        first = () if self.first == CALLS else (self.first,)
        return (*first, *self.choices[: len(self.moments)])

    @property
    def is_new(self) -> bool:
        """Whether no shorter path has told what happens now."""
        return len(self.moments) >= len(self.choices)

    def aside(self, to: str, number: int) -> Aside | None:
        """What is to happen by the way, to an event or an action."""
        return self._asides.get((to, number))

    @property
    def may_be_disturbed(self) -> bool:
        """Whether something could happen by the way that no shorter path has tried."""
        return self.is_new and self.is_deployed and self._disturbances_left > 0

    def passed(self, case: str, *asides: Aside) -> None:
        """These could have happened now; `case` tells apart what a function would know of it."""
        self.asides.setdefault(case, asides)

    @property
    def would_stop(self) -> bool:
        """Whether it would end where it does, if there could be no disturbance any more."""
        last = self.moments[-1].deeds if self.ends == "goes on" else (HANGS_UP,)
        return any(deed != WAITS and not deed.disturbances for deed in last)

    @property
    def until(self) -> int | None:
        """How many lines of the ladder are this path's: after them it was broken off."""
        return self.moments[-1].entries if self.ends == "goes on" and self.moments else None

    @property
    def told(self) -> int:
        """How many events its call has told."""
        return len(self.call.told.turns) if self.call is not None else 0

    @property
    def since(self) -> int:
        """How many lines of the ladder were there at the last choice."""
        return self.moments[len(self.choices) - 1].entries if self.choices else 0

    @property
    def known_turns(self) -> int:
        """How many events a shorter path was told as well."""
        last = min(len(self.choices), len(self.moments))
        return self.moments[last - 1].turns if last else 0

    # What the service asks of it.

    def find(self, kind: type[Action[object]]) -> Behaviour[Action[object]] | None:
        """The behaviour of an action, before which something is chosen."""
        ours = self.ground.behaviours
        if kind not in ours and (its := find(kind)) is not None:
            ours[kind] = replace(its, perform=partial(_perform, self.ground, its))
        return ours.get(kind)

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """Somebody is called: as a far end. A call that the function has started by the way, which
        is none of the path's, rings."""
        if call is not self.call:
            return
        if leg is call.legs[0]:
            deed = self._choose("rings", PICKS_UP, leg.tag)
            self._far_end = PEOPLE.get(deed.does) if deed is not None else None
        if self._far_end is not None:
            self._far_end.ring(call, leg)

    # What happens.

    def play(self) -> None:
        """From the first event to the end, or to a situation that was seen before."""
        self.call = self.ground.place(self)
        call, loop = self.call, self.ground.loop
        while not (call.has_ended or self._is_over):
            if not loop.run(lambda: call.has_ended or self._is_over):
                self._nothing_happens(call)
        if call.has_ended:
            self.ends = how_it_ended(call)
            self.strays = len(self.moments) < len(self.choices)
        else:
            self.ground.service.drop(call)
            loop.run(lambda: call.has_ended)

    async def perform(
        self, its: Behaviour[Action[object]], action: Action[object], stage: Stage
    ) -> SuccessData | None:
        name, leg = type(action).type_name(), stage.leg
        self._performed += 1
        may = [*its.may(action, self.ground.known)]
        takes_time = its.when_left is not None or its.brings_nothing or bool(may)
        others = self._of_legs([each for each in there(stage.call) if each is not leg])
        if isinstance(action, StartBotConversation):
            arn = action.bot_alias_arn
            if arn not in self.ground.service.bots:
                self.supposes.add(arn)
                self.ground.service.bots[arn] = Bot()

        disturbances = partial(self._disturbances, action, stage.echo, takes_time=takes_time)

        def deeds() -> Iterator[Deed]:  # where nobody waits, somebody does something
            if PICKS_UP[0] not in may and stage.echo.get("BotAliasArn") not in self.supposes:
                yield WAITS
            if takes_time:
                keys = (*may, *of_listener(leg, self.ground.known))
                yield from (each for each in keys if can(self.people, leg, each))
                yield HANGS_UP
                yield from others
            yield from disturbances()

        if takes_time or (its.notifies and any(disturbances())):
            deed = self._choose(name, deeds(), leg.tag)
            if deed == DEPLOYMENT:  # and then what happens, happens to the new version
                left = [each for each in deeds() if not each.disturbances]
                deed = self._choose(name, left, leg.tag) if len(left) > 1 else left[0]
            if deed in others:
                leg.loop.call_later(SOON, others[deed])
            elif deed is not None:
                self._happens(deed, leg, stage, after_prompt=isinstance(action, CollectsDigits))
        else:
            self._may_fail(name, action, stage)
        return await its.perform(action, stage)

    def _may_fail(self, name: str, action: Action[object], stage: Stage) -> None:
        """An action that takes no time. Raises `Refused` where it is to fail. What is to be done
        about a Hangup that fails nobody can say: it never does."""
        if isinstance(action, Hangup):
            return
        aside = self.aside(name, self._performed)
        if aside is not None:
            raise on_purpose(aside.error)
        if self.may_be_disturbed:
            fails = (Aside(name, self._performed, error=error) for error in type(action).errors)
            self.passed(self.ground.case(stage.echo), *fails)

    def _disturbances(
        self, action: Action[object], echo: Mapping[str, object], *, takes_time: bool
    ) -> Iterator[Deed]:
        """What the service or somebody else may do to any action."""
        left = self._disturbances_left
        if left > 0 and not self.is_deployed:
            yield DEPLOYMENT
            left -= 1  # without it, the old version would be explored
        if left <= 0:
            return
        yield from failures(type(action))
        for key in wavs(echo):
            yield Deed("finds no", without_stamps(key))
        if takes_time:
            yield from self._updates()

    @property
    def is_deployed(self) -> bool:
        """Whether this version answers, and not the one before."""
        return not self.ground.plan.after or any(d.does == "deployment" for d in self.deeds)

    @property
    def disturbances(self) -> int:
        """How many there were."""
        return self._disturbed[min(len(self.moments), len(self.choices))]

    @property
    def _disturbances_left(self) -> int:
        return self.ground.plan.faults - self.disturbances

    def _updates(self) -> Iterator[Deed]:
        for number in range(len(self.ground.plan.updates)):
            yield Deed("update", f"{number + 1}")

    def _choose(self, at: str, deeds: Iterable[Deed], who: str) -> Deed | None:
        """What happens now; `None` when the path ends here."""
        call = self.call or self.ground.placed
        if call is None or self._is_over:
            return None
        index = len(self.moments)
        is_new = index == len(self.choices)
        situation = self.ground.situation(call, at, who, self) if is_new or self.is_told else ""
        chosen = None if is_new else self.choices[index].alone
        may, can_be = (tuple(deeds), False) if chosen is None else ((), chosen in deeds)
        entries, turns = len(call.ladder.entries), len(call.told.turns)
        self.moments.append(Moment(situation, at, who, may, entries, turns))
        if chosen is not None and can_be:
            if chosen.does in RUNG:
                self.people["LEG-A" if at == "rings" else "LEG-B"] = chosen.does
            return chosen
        self.strays = not is_new
        self._stop()
        return None

    def _stop(self) -> None:
        self._is_over = True
        self.ground.loop.noticed()

    def _happens(self, deed: Deed, leg: Leg, stage: Stage, *, after_prompt: bool) -> None:
        """Bring it about. Raises `Refused` where the action is to fail."""
        loop, call = leg.loop, stage.call
        match deed.does:
            case "hangs up":
                loop.call_later(SOON, call.person_hangs_up, leg)
            case "presses" if after_prompt:
                after_the_prompt(leg, partial(presses, leg, deed.what))
            case "presses":
                loop.call_later(SOON, presses, leg, deed.what)
            case "says":
                clip = speech(deed.what, "text", call.settings.words_per_minute)
                loop.call_later(SOON, call.person_says, leg, clip)
            case "update":
                arguments = self.ground.plan.updates[int(deed.what) - 1]
                loop.call_later(SOON, partial(self._update, arguments))
            case "intent" | "gives up":
                self._speaks(stage, deed)
            case "fails":
                raise on_purpose(deed.what)
            case "finds no":
                key = next(each for each in wavs(stage.echo) if without_stamps(each) == deed.what)
                self.ground.service.faults.put(Fault("s3-missing", key, times=1))
            case "answers" | "busy" | "declines" | "never answers" | "machine":
                self._far_end = PEOPLE[deed.does]
            case _:
                pass

    def _update(self, arguments: Mapping[str, str]) -> None:
        if self.call is not None and not self.call.is_over:
            self.call.update(arguments)

    def _speaks(self, stage: Stage, deed: Deed) -> None:
        arn, bots = str(stage.echo["BotAliasArn"]), self.ground.service.bots
        bot = bots.get(arn, Bot())
        failed = deed.does == "gives up"
        bots[arn] = replace(bot, state="Failed") if failed else replace(bot, intent=deed.what)

    def _of_legs(self, legs: Sequence[Leg]) -> dict[Deed, Callable[[], object]]:
        call = self.call or self.ground.placed
        return of_legs(call, legs, self.ground.known, self.people) if call is not None else {}

    def _nothing_happens(self, call: Call) -> None:
        """Nothing more will happen by itself: somebody does something, or hangs up."""
        legs = there(call)
        people = [leg for leg in legs if not leg.is_meeting]
        listens = bool(people) and isinstance(people[0].listener, Listener)
        was_left = call.told.events[-1]["InvocationEventType"] == "HANGUP"
        self.hears_nothing = len(legs) == 1 and listens and not was_left
        if len(legs) == 1 and people and not self.hears_nothing:
            self.stranded = self.stranded or (people[0].tag, len(call.told.turns))
        options: dict[Deed, Callable[[], object]] = {}
        left = self._disturbances_left
        if left > 0 and not self.is_deployed:
            options[DEPLOYMENT] = lambda: None
            left -= 1
        for number, arguments in enumerate(self.ground.plan.updates if left > 0 else (), 1):
            options[Deed("update", f"{number}")] = partial(self._update, arguments)
        options |= self._of_legs(legs)
        if not people:
            self._is_over = True
            return
        # Who is still there hangs up in the end: the last of what may happen comes first.
        chosen = self._choose("silence", [*reversed(options)], "LEG-A")
        if chosen is not None:
            options[chosen]()


async def _perform(
    ground: Ground, its: Behaviour[Action[object]], action: Action[object], stage: Stage
) -> SuccessData | None:
    assert ground.walk is not None
    return await ground.walk.perform(its, action, stage)
