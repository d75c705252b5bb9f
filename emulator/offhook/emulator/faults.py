"""What goes wrong on purpose, by name: functions, audio, bots, destinations, legs, actions, API.

    offhook call --fault slow=6 --fault s3-missing=welcome.wav --fault Speak=AccessDenied:1
    phone.put_faults("slow=6:1", "destination-busy")
    POST /_offhook/faults {"Fault": "killed:2"}

`name=value:times`: the value says what it is about, and is left out for all; without times it stays
until it is taken back. An action has the name of its type, an operation of the API its own; their
value is the error. docs/functions.md shows what each does.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, get_args

from offhook.actions import action_class, action_types
from offhook.actions.base import ErrorType
from offhook.handler.errors import OffhookError

FUNCTION = ("slow", "throttled", "denied", "failing", "dead", "killed", "doubled")
"""Of a function. The first of these that was put is in force."""
AUDIO = ("s3-missing", "s3-denied", "s3-not-pcm")
"""Of an object in S3, when it is to be played."""
RECORDINGS = ("recording-denied",)
"""Of a bucket, when something is recorded to it."""
SERVICES = ("polly-refused", "polly-throttled", "bot-missing", "bot-denied", "wrong-caller-id")
"""Of what an action needs beside its leg."""
DESTINATIONS = (
    *("destination-busy", "destination-dies", "destination-silent", "destination-voicemail"),
)
"""Of whoever is called."""
LEGS = ("leg-lost",)
"""Of a leg, half a second into the next action."""
ON_PURPOSE = "On purpose."
ANY_OPERATION = "*"
"""Instead of the name of an operation."""
NAMES = (*FUNCTION, *AUDIO, *RECORDINGS, *SERVICES, *DESTINATIONS, *LEGS)

_FORM = re.compile(r"(?P<name>[^=:]+)(?:=(?P<value>.*?))?(?::(?P<times>-?\d+))?", re.DOTALL)
_MOST_SECONDS = 900.0


class NoSuchFault(OffhookError, ValueError):
    """A fault that was asked for is none of those there are."""


@dataclass(slots=True)
class Fault:
    """What goes wrong, with what, and how often. Made by `Fault.parse`."""

    name: str
    value: str = ""
    """The seconds of `slow`; the key of an object; a bucket; a number; a leg. Empty: whichever
    comes."""
    times: int | None = None
    """How often; `None` until it is taken back."""
    transaction_id: str = ""
    """The call that it is for; every call by default."""
    message: str = ON_PURPOSE
    """What is said of an action or an operation that fails."""

    @classmethod
    def of_action(cls, action_type: str, error_type: str, message: str = "") -> "Fault":
        """The next action of a type fails. Raises `NoSuchFault` for a type or an error that there
        is not."""
        if action_class(action_type) is None:
            raise NoSuchFault(
                f"there is no action {action_type!r}: there are {', '.join(action_types())}"
            )
        _check(action_type, error_type)
        return cls(action_type, error_type, times=1, message=message or ON_PURPOSE)

    @classmethod
    def parse(cls, text: str, transaction_id: str = "") -> "Fault":
        """Read `slow=6`, `throttled`, `failing:2`, `s3-missing=a.wav:1`. Raises `NoSuchFault`."""
        read = _FORM.fullmatch(text.strip())
        if read is None or not (read["name"] in NAMES or action_class(read["name"])):
            raise NoSuchFault(f"there is no fault {text!r}: there are {', '.join(NAMES)}")
        name, value = read["name"], read["value"] or ""
        times = None if read["times"] is None else int(read["times"])
        if times is not None and times < 1:
            raise NoSuchFault(f"{text!r}: {times} times is never")
        _check(name, value)
        return cls(name, value or ("LEG-A" if name in LEGS else ""), times, transaction_id)

    @property
    def seconds(self) -> float:
        """How long a `slow` function takes."""
        return float(self.value or 0)

    @property
    def what(self) -> str:
        """As it is put, however often: `slow=6`, `throttled`."""
        return f"{self.name}={self.value}" if self.value else self.name

    def __str__(self) -> str:
        return self.what if self.times is None else f"{self.what}:{self.times}"


class Faults:
    """What was asked for and is not over yet, in the order in which it was asked for."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def put(self, *faults: Fault | str) -> None:
        """From now on. Raises `NoSuchFault`."""
        self.waiting += [Fault.parse(each) if isinstance(each, str) else each for each in faults]

    def clear(self, names: Iterable[str] | None = None) -> None:
        """Take all of these back; without names, whatever is in force."""
        gone = {fault.name for fault in self.waiting} if names is None else {*names}
        self.waiting[:] = [fault for fault in self.waiting if fault.name not in gone]

    def take_back(self, text: str) -> None:
        """One that is in force, as it is written: `slow=6:1`; the latest of several that are
        alike. Raises `NoSuchFault`."""
        for place in reversed(range(len(self.waiting))):
            if str(self.waiting[place]) == text:
                del self.waiting[place]
                return
        there = ", ".join(map(str, self.waiting)) or "none"
        raise NoSuchFault(f"there is no fault {text!r} in force: there is {there}")

    def has(self, *names: str) -> bool:
        """Whether one of these may strike."""
        return any(fault.name in names for fault in self.waiting)

    def meant(self, names: Iterable[str], about: str, *, transaction_id: str = "") -> list[Fault]:
        """Those that are in force for this."""
        wanted = tuple(names)
        return [
            fault
            for fault in self.waiting
            if fault.name in wanted
            and (not about or fault.value in ("", about))
            and fault.transaction_id in ("", transaction_id)
        ]

    def strike(
        self, names: Iterable[str], about: str = "", *, transaction_id: str = ""
    ) -> Fault | None:
        """The first of these that is in force for this, which counts as once."""
        if not self.waiting:
            return None
        for fault in self.meant(names, about, transaction_id=transaction_id):
            if fault.times is not None:
                fault.times -= 1
                if fault.times < 1:
                    self.waiting.remove(fault)
            return fault
        return None


Sense: TypeAlias = tuple[Callable[[str], bool], str]


def _check(name: str, value: str) -> None:
    """Raises `NoSuchFault` for a value that makes no sense, and says what would."""
    kind = "action" if action_class(name) else name
    is_right, how = _VALUES.get(kind) or _VALUES.get(kind.partition("-")[0]) or _VALUES[""]
    if not is_right(value):
        raise NoSuchFault(f"{name}={value!r}: {how}")


def _is_some_time(value: str) -> bool:
    try:
        return 0 < float(value) <= _MOST_SECONDS
    except ValueError:
        return False


_VALUES: Mapping[str, Sense] = {
    "": (lambda value: not value, "it takes no value, as in throttled, or throttled:2"),
    "action": (
        lambda value: value in get_args(ErrorType),
        f"there is no such ErrorType: there are {', '.join(get_args(ErrorType))}",
    ),
    "slow": (_is_some_time, "write the seconds, as in slow=6, or slow=6:2 for two times"),
    "s3": (
        lambda value: not value.startswith(("/", "s3:")),
        "write the key alone, as in s3-missing=welcome.wav, or nothing for every object",
    ),
    "recording": (
        lambda value: re.fullmatch(r"[a-z0-9.-]*", value) is not None,
        "write the bucket alone, as in recording-denied=my-recordings, or nothing for every one",
    ),
    "destination": (
        lambda value: re.fullmatch(r"\S{0,36}", value) is not None,
        "write a number, as in destination-busy=+15550100200, or nothing for every one",
    ),
    "leg": (
        lambda value: value in ("", "LEG-A", "LEG-B"),
        "write leg-lost=LEG-A (that is meant without a value) or leg-lost=LEG-B",
    ),
}
