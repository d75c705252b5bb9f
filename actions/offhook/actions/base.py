"""What every action is: frozen data with a wire shape, a result and the ways it can fail."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import GenericAlias
from typing import TYPE_CHECKING, ClassVar, Generic, Literal, Self, TypeAlias, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_pascal, to_snake
from typing_extensions import TypeVar  # with a default, so that `Action` means any action

from offhook.actions.wire import wire_plan

R_co = TypeVar("R_co", covariant=True, default=object)

ErrorType: TypeAlias = Literal[
    "AccessDenied", "ActionExecutionThrottled", "CallNotAnswered", "InvalidActionParameter",
    "InvalidAudioSource", "InvalidDigitsReceived", "MissingRequiredActionParameter",
    "ResourceAccessDenied", "ResourceNotFound", "SystemException",
]  # fmt: skip
"""Every documented or observed `ErrorType` of a failed action. The service may add more."""

COMMON_ERRORS: tuple[ErrorType, ...] = ("InvalidActionParameter", "SystemException")
"""What any action can fail with: a leg that is not there, or the service itself."""


_EITHER_NAME = ConfigDict(
    defer_build=True,
    frozen=True,
    alias_generator=cache(to_pascal),  # most names are those of a leg, again and again
    validate_by_name=True,
    validate_by_alias=True,
    hide_input_in_errors=True,  # it may be a phone number, and errors are logged
)
STRICT: ConfigDict = _EITHER_NAME | {"strict": True, "extra": "forbid", "loc_by_alias": False}
"""What is written in Python: by either name, but nothing else, and of the right type."""


@cache
def snake_case(name: str) -> str:
    """The room of an AWS name: `SpeakAndGetDigits` lives in `speak_and_get_digits`."""
    return to_snake(name) if len(name) <= 100 else name  # what is longer is no name, and slow


def _room(name: str) -> str:
    return f"offhook.actions.{snake_case(name)}"


class Result(BaseModel):
    """What an action brings back in `ActionData`, beside `Parameters`.

    Fields that we do not know are not lost: the event's `raw` has them.
    """

    model_config = _EITHER_NAME


class Action(BaseModel, Generic[R_co]):
    """One thing a call can be told to do. `R_co` is what ACTION_SUCCESSFUL brings back.

    The constructor is strict: a wrong name, type or value fails where it is written.
    `from_wire` is lenient in spelling, because it reads what the service or others wrote.
    """

    model_config = STRICT

    errors: ClassVar[tuple[ErrorType, ...]] = COMMON_ERRORS
    """The error types that the service documents, or was seen to use, for this action, beside
    those of any."""

    source: ClassVar[str] = ""
    """The page of the developer guide that describes the action, where it is not of its name."""

    result_type: ClassVar[type[Result] | None] = None
    """The class of what it brings back, taken from the type argument of `Action[...]`."""

    is_known: ClassVar[bool] = False
    """Whether it lives in the room of its name, as every action does that the service knows."""

    if not TYPE_CHECKING:  # checkers say it by the signature

        def __init__(self, /, *given, **fields):
            if given:
                known = type(self).model_fields.items()
                name = next((n for n, one in known if one.is_required()), "name")
                raise TypeError(f"parameters go by name: write {self.type_name()}({name}=...)")
            self.__pydantic_validator__.validate_python(fields, self_instance=self)

        __init__.__pydantic_base_init__ = True  # it does what that of `BaseModel` does

        def __class_getitem__(cls, result):
            return GenericAlias(cls, (result,))  # pydantic would build a model for each of them

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        cls.is_known = cls.__module__ == _room(cls.__name__)
        of_its_name = f"dg/{snake_case(cls.__name__).replace('_', '-')}"
        cls.source = cast("str", cls.__dict__.get("source", of_its_name))
        cls.errors = tuple(sorted({*COMMON_ERRORS, *cls.errors}))
        for base in cast("tuple[object, ...]", cls.__dict__.get("__orig_bases__", ())):
            for argument in get_args(base):
                if isinstance(argument, type) and issubclass(argument, Result):
                    cls.result_type = argument

    @classmethod
    def type_name(cls) -> str:
        """The action's `Type` on the wire: the name of its class."""
        return cls.__name__

    def to_wire(self) -> dict[str, JsonValue]:
        """`{"Type", "Parameters"}` as the service reads it: what was set, plus what is required.

        Raises `ValueError` when an S3 key without a bucket is used and no default bucket is set.
        """
        of, extra = type(self), self.__pydantic_extra__
        parameters = wire_plan(of).encode(self.__dict__, self.__pydantic_fields_set__, extra)
        return {"Type": of.__name__, "Parameters": parameters}

    @classmethod
    def from_wire(cls, wire: Mapping[str, object], *, open_lists: bool = True) -> Self:
        """Read an action as anyone may have written it, by wire names only.

        Numbers may be strings, legs may be `""`, `null` means absent, unknown parameters are
        kept. `open_lists=False` refuses values outside the documented lists, as the emulator
        does. Called on `Action` itself, it answers with the class that `Type` names
        (`UnknownAction` where there is none). Raises pydantic's `ValidationError`.
        """
        kind = wire.get("Type")
        if cls is Action:
            found = action_class(kind) if isinstance(kind, str) else None
            if found is None:
                return cast("Self", UnknownAction.keep(wire))
            return cast("Self", found.from_wire(wire, open_lists=open_lists))
        if kind != cls.type_name():
            raise ValueError(f"this is a {kind!r} action, not a {cls.type_name()}")
        return cls.from_parameters(wire.get("Parameters") or {}, open_lists=open_lists)

    @classmethod
    def from_parameters(cls, parameters: object, *, open_lists: bool = True) -> Self:
        """Read the `Parameters` of an action of this class; see `from_wire`."""
        if not isinstance(parameters, Mapping):
            raise ValueError(f"Parameters of {cls.type_name()} must be an object")
        given, shadowed = wire_plan(cls).decode(cast("Mapping[str, object]", parameters))
        how = {"open_lists": open_lists}
        action = cls.model_validate(
            given, strict=False, extra="allow", by_alias=True, by_name=False, context=how
        )
        if shadowed and action.__pydantic_extra__ is not None:
            action.__pydantic_extra__.update(shadowed)
        return action

    @classmethod
    def from_echo(cls, parameters: object) -> Self:
        """Read the echo in an event. Values that the service refused come as they were sent."""
        try:
            return cls.from_parameters(parameters)
        except ValueError:
            echoed = cast("Mapping[str, object]", parameters)
            given, _ = wire_plan(cls).decode(echoed if isinstance(parameters, Mapping) else {})
            names = {field.alias: name for name, field in cls.model_fields.items()}
            values = {names.get(key, key): value for key, value in given.items()}
            return cls.model_construct(None, **values)


class UnknownAction(Action[None]):
    """An action of a type this version does not know, kept as it came. It cannot be sent."""

    type: str
    """The `Type` it came with."""

    parameters: Mapping[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    """The `Parameters` it came with."""

    def to_wire(self) -> dict[str, JsonValue]:
        """The action as it came."""
        return {"Type": self.type, "Parameters": dict(self.parameters)}

    @classmethod
    def keep(cls, wire: Mapping[str, object]) -> "UnknownAction":
        """Keep any `{"Type", "Parameters"}`."""
        kind, parameters = wire.get("Type"), wire.get("Parameters")
        return UnknownAction.model_construct(
            type=kind if isinstance(kind, str) else "",
            parameters=parameters if isinstance(parameters, Mapping) else {},
        )


known_actions: "dict[str, type[Action[object]]]" = {}
"""The class of each wire `Type` that was asked for, and is an action."""


def action_class(name: str) -> "type[Action[object]] | None":
    """The class of a wire `Type`, imported on first use; `None` for a type we do not know."""
    if name in known_actions:
        return known_actions[name]
    is_name = name.isascii() and name.isidentifier() and name[:1].isupper()
    if not is_name or find_spec(room := _room(name)) is None:
        return None
    found: object = getattr(import_module(room), name, None)
    if isinstance(found, type) and issubclass(found, Action) and found.is_known:
        known_actions[name] = cast("type[Action[object]]", found)
    return known_actions.get(name)


def action_types() -> tuple[str, ...]:
    """The `Type` of every action there is, found by looking in the folder."""
    from pkgutil import iter_modules  # at the desk, and where something is wrong

    rooms = iter_modules(import_module("offhook.actions").__path__)
    return tuple(sorted(filter(action_class, (to_pascal(room.name) for room in rooms))))
