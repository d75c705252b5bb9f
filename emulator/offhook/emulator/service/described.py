"""Far ends and bots as they are described: `after = 3` in the configuration is `"After": 3` to
`/_offhook`, and `after=3` in Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any, TypeAlias, TypeVar, cast, get_args

from pydantic import TypeAdapter, ValidationError

from offhook.actions.base import snake_case
from offhook.emulator.call.bots import Bot
from offhook.emulator.call.far_end import FarEnd
from offhook.emulator.service.far_ends import (
    Agent,
    Answers,
    Ivr,
    NeverAnswers,
    Rejects,
    Voicemail,
)

T = TypeVar("T")

AnyFarEnd: TypeAlias = Answers | Rejects | NeverAnswers | Voicemail | Ivr | Agent
KINDS: Mapping[str, type[FarEnd]] = {kind.__name__: kind for kind in get_args(AnyFarEnd)}
DEFAULT = "default"
"""Instead of a number: whoever is everywhere else."""


@dataclass(frozen=True, kw_only=True)
class BotAlias(Bot):
    """A bot that StartBotConversation finds."""

    bot_alias_arn: str
    """As the action has it."""


def far_end(described: object) -> FarEnd:
    """Who is at a number: `{"is": "Voicemail", "after": 3}`, `Answers` where it does not say.
    Raises `ValueError`."""
    if not isinstance(described, Mapping):
        if hasattr(described, "ring"):
            return cast("FarEnd", described)
        raise ValueError('write what is there, as in {is = "Voicemail", after = 3}')
    given = _snake_case(cast("Mapping[str, object]", described))
    kind = KINDS.get(name := str(given.pop("is", "Answers")))
    if kind is None:
        raise ValueError(f"is: there is no {name!r}{instead(name, KINDS)}")
    return _made(kind, given)


def bot(described: object) -> BotAlias:
    """A bot, with its `bot_alias_arn`. Raises `ValueError`."""
    if isinstance(described, BotAlias):
        return described
    if not isinstance(described, Mapping):
        raise ValueError("write a table with bot_alias_arn, and what the bot understands: intent")
    from offhook.actions import StartBotConversation

    made = _made(BotAlias, _snake_case(cast("Mapping[str, object]", described)))
    _checked(StartBotConversation, {"bot_alias_arn": made.bot_alias_arn})
    return made


def instead(name: str, known: Iterable[str]) -> str:
    """What was meant, or what there is."""
    there = list(known)
    if near := get_close_matches(name, there, 1):
        return f": did you mean {near[0]}?"
    return f": there are {', '.join(there)}"


def there(number: str) -> str:
    """A number that is called. Raises `ValueError` for one that nobody would be found at."""
    if number[:1].isdigit():
        raise ValueError(f"a number begins with + and its country, as in +1{number[-10:]}")
    return number


def _snake_case(described: Mapping[str, object]) -> dict[str, object]:
    return {snake_case(name): value for name, value in described.items()}


def _made(kind: type[T], given: Mapping[str, object]) -> T:
    known = [field.name for field in fields(cast("Any", kind))]
    if unknown := [name for name in given if name not in known]:
        raise ValueError(f"{kind.__name__} has no {unknown[0]}{instead(unknown[0], known)}")
    return _checked(kind, given)


def _checked(kind: type[T], given: Mapping[str, object]) -> T:
    try:
        return TypeAdapter(kind).validate_python(given)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise ValueError("; ".join(faults)) from None
