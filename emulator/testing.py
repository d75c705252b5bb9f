"""A phone for tests: place a call, hear, press keys, hang up. And the pytest plugin around it.

    def test_pressing_1_reads_the_opening_hours(phone: Phone) -> None:
        call = phone.dials()
        call.hears("Welcome to the workshop.")
        call.interrupts("1")
        call.hears("We open at nine.")
        call.ends()

Time is virtual: a minute of waiting takes no time, and a story is the same every time.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self, TypeAlias

from offhook.emulator.call import Call
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.config import Desk, load
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.ladder import Ladder
from offhook.emulator.leg import Leg, Prompt
from offhook.emulator.service import Service
from offhook.emulator.settings import Settings

if TYPE_CHECKING:
    import pytest

MONDAY_AT_TEN = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
"""When calls start unless the story says otherwise: a Monday, ten o'clock in UTC."""

A_CALLER = "+15550100200"
"""Who calls, or is called, unless the story says otherwise."""

SECONDS_BETWEEN_KEYS = 0.25

Heard: TypeAlias = str | re.Pattern[str]
"""Words that the prompt contains, or a pattern to be found in it."""

LambdaHandler: TypeAlias = Callable[..., object]


class StoryFailed(AssertionError):
    """The call did not go as the story tells; the message shows the call's ladder."""


class Phone:
    """Somebody with a telephone, and the service between them and a function."""

    def __init__(
        self,
        function: LambdaHandler | str | None = None,
        *,
        settings: Settings | None = None,
        desk: Desk | None = None,
        seed: int = 0,
    ) -> None:
        """`function` is a Lambda handler or its `module:function`; without one, the numbers in
        `[tool.offhook]` are answered as it says."""
        desk = desk or load()
        if function is not None:
            desk = desk.with_function(function if isinstance(function, str) else repr(function))
        if settings is not None:
            desk = desk.model_copy(update={"settings": settings})
        self._loop = VirtualLoop()
        self.service = Service(
            desk,
            self._loop,
            function=InProcess(function) if callable(function) else None,
            seed=seed,
        )

    @property
    def now(self) -> float:
        """Seconds that this phone has seen pass."""
        return self._loop.time()

    def dials(
        self,
        number: str | None = None,
        *,
        from_: str = A_CALLER,
        at: datetime = MONDAY_AT_TEN,
        sip_headers: Mapping[str, str] | None = None,
    ) -> "PhoneCall":
        """Dial one of our numbers (the first by default), at a time of day."""
        started = at + timedelta(seconds=self._loop.time())
        call = self.service.call_in(number, from_, at=started, sip_headers=sip_headers)
        return PhoneCall(self, call)

    def rings(
        self,
        number: str = A_CALLER,
        *,
        from_: str | None = None,
        at: datetime = MONDAY_AT_TEN,
        arguments: Mapping[str, str] | None = None,
    ) -> "PhoneCall":
        """Be called by the application, as by CreateSipMediaApplicationCall with `arguments`."""
        started = at + timedelta(seconds=self._loop.time())
        call = self.service.call_out(from_, number, at=started, arguments=arguments)
        return PhoneCall(self, call)

    def close(self) -> None:
        """Put the phone away: every call ends."""
        if not self._loop.is_closed():
            self.service.close()
            self._loop.run(lambda: False)
            self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def until(self, holds: Callable[[], bool]) -> bool:
        """Let the call go on until something holds; `False` when it never will."""
        happened = self._loop.run(holds)
        self._raise_faults()
        return happened

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._loop.run_for(seconds)
        self._raise_faults()

    def noticed(self) -> None:
        """Something happened in a call."""
        self._loop.noticed()

    def _raise_faults(self) -> None:
        fault = self.service.failure()
        if fault is not None:
            raise fault


class PhoneCall:
    """One call, from the side of the person on LEG-A."""

    def __init__(self, phone: Phone, call: Call) -> None:
        self._phone = phone
        self._call = call
        self._heard = 0
        self._has_left = False
        call.ladder.watchers.append(lambda _entry: phone.noticed())

    # What the person does.

    def hears(self, words: Heard) -> str:
        """The next thing heard contains these words. Returns when it has ended or was cut."""
        __tracebackhide__ = True
        prompt = self._next_prompt(f"hears {_quoted(words)}")
        said = prompt.clip.text
        matches = words in said if isinstance(words, str) else words.search(said) is not None
        if not words or not matches:
            self._fail(f"hears {_quoted(words)}", f"heard {prompt.clip} instead")
        self._phone.until(lambda: prompt.is_over)
        self._heard += 1
        return said

    def interrupts(self, keys: str, during: Heard | None = None) -> None:
        """Press keys in the middle of the next thing heard (which contains the words `during`)."""
        __tracebackhide__ = True
        doing = f"presses {keys} during {_quoted(during)}" if during else f"interrupts with {keys}"
        prompt = self._next_prompt(doing)
        said = prompt.clip.text
        if during and not (during in said if isinstance(during, str) else during.search(said)):
            self._fail(doing, f"heard {prompt.clip} instead")
        self._phone.wait(prompt.clip.seconds / 2)
        if prompt.is_over:
            self._fail(doing, f"{prompt.clip} was over already")
        self._heard += 1
        self.presses(keys)

    def presses(self, keys: str) -> None:
        """Press keys now, a quarter of a second apart."""
        __tracebackhide__ = True
        for index, key in enumerate(keys):
            if key not in "0123456789*#" or not key:
                self._fail(f"presses {keys!r}", f"{key!r} is not a key: 0 to 9, * and # are")
            if index:
                self._phone.wait(SECONDS_BETWEEN_KEYS)
            if not self._leg.is_connected:
                self._fail(f"presses {key}", f"the leg is {self._leg.status or 'unanswered'}")
            self._leg.presses(key)

    def waits(self, seconds: float) -> None:
        """Let time pass."""
        self._phone.wait(seconds)

    def answers(self, after: float = 0.0) -> None:
        """Pick up a call that rings, after some seconds."""
        __tracebackhide__ = True
        self._rings("answers")
        self._phone.wait(after)
        self._call.answered(self._leg)

    def declines(self, sip_response_code: int = 486) -> None:
        """Refuse a call that rings: 486 is busy."""
        __tracebackhide__ = True
        self._rings("declines")
        self._call.hang_up(self._leg, sip_response_code, by="person")

    def hangs_up(self) -> None:
        """Hang up now."""
        __tracebackhide__ = True
        self._phone.until(lambda: bool(self._call.teller.replies))
        if self._leg.is_gone:
            self._fail("hangs up", "the call had ended already")
        self._has_left = True
        self._call.hang_up(self._leg, 0, by="person")

    def ends(self) -> None:
        """The call ends, and until then nothing is heard that the story leaves out.

        Who hangs up themselves need not tell what they heard.
        """
        __tracebackhide__ = True
        self._phone.until(lambda: self.is_over or self._unheard is not None)
        unheard = None if self._has_left else self._unheard
        if unheard is not None:
            self._fail("ends", f"heard {unheard.clip}, which the story does not tell")
        self.settles()

    def settles(self) -> None:
        """The call ends, whatever is heard before."""
        __tracebackhide__ = True
        if not self._phone.until(lambda: self._is_settled):
            self._fail("ends", "it stays up: nothing more will happen")

    # What can be looked at.

    @property
    def is_over(self) -> bool:
        """Whether everybody has hung up."""
        return self._call.is_over

    @property
    def is_connected(self) -> bool:
        """Whether the person is on the line."""
        return self._leg.is_connected

    @property
    def heard(self) -> int:
        """How many things the person has heard, or begun to."""
        return len(self._leg.prompts)

    @property
    def hears_nothing(self) -> bool:
        """Whether it is quiet on the line now."""
        return all(prompt.is_over for prompt in self._leg.prompts)

    @property
    def ladder(self) -> Ladder:
        """Everything that happened, in order."""
        return self._call.ladder

    @property
    def events(self) -> list[dict[str, object]]:
        """Every event that the function was told, oldest first."""
        return self._call.teller.events

    @property
    def replies(self) -> list[object]:
        """What the function answered to each."""
        return self._call.teller.replies

    @property
    def attributes(self) -> Mapping[str, object]:
        """The call's TransactionAttributes now."""
        return self._call.teller.attributes

    @property
    def _leg(self) -> Leg:
        return self._call.legs[0]

    @property
    def _is_settled(self) -> bool:
        return bool(self.ladder.entries) and self.ladder.entries[-1].text == "the call is over"

    @property
    def _unheard(self) -> Prompt | None:
        prompts = self._leg.prompts
        return prompts[self._heard] if len(prompts) > self._heard else None

    def _next_prompt(self, doing: str) -> Prompt:
        __tracebackhide__ = True
        self._phone.until(lambda: self._unheard is not None or self._is_settled)
        prompt = self._unheard
        if prompt is None:
            self._fail(doing, "the call is over" if self.is_over else "nothing more will be heard")
        return prompt

    def _rings(self, doing: str) -> None:
        __tracebackhide__ = True
        if not self._phone.until(lambda: len(self.events) > 1 or self.is_over) or self._leg.status:
            self._fail(doing, f"the leg does not ring: it is {self._leg.status}")

    def _fail(self, doing: str, why: str) -> NoReturn:
        __tracebackhide__ = True
        raise StoryFailed(f"{doing}: {why}\n\n{self.ladder.render(f'{doing}: {why}')}")

    def __repr__(self) -> str:
        return f"<call\n{self.ladder.render()}>"


def _quoted(words: Heard | None) -> str:
    return f"/{words.pattern}/" if isinstance(words, re.Pattern) else f"“{words}”"


def pytest_addoption(parser: "pytest.Parser") -> None:
    """`--handler`, for the `phone` fixture."""
    parser.getgroup("offhook").addoption(
        "--handler", help="module:function that answers all numbers of the phone fixture"
    )


try:
    import pytest
except ModuleNotFoundError:  # a Phone works without pytest
    pass
else:

    @pytest.fixture
    def phone(request: pytest.FixtureRequest) -> Iterator[Phone]:
        """Somebody with a telephone, and the numbers of `[tool.offhook]`."""
        handler: str | None = request.config.getoption("--handler")
        with Phone(handler, desk=load(request.config.rootpath)) as somebody:
            yield somebody
