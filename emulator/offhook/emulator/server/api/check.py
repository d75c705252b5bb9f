"""Checks values against shapes of botocore's service model: types, required, bounds, patterns.

Every shape becomes a function once; it returns no mistakes for a good value, without building
anything. botocore itself checks less: neither patterns, nor enums, nor the most there may be.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias, cast

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

Mistake: TypeAlias = tuple[str, object, str]
"""Where it is, what was found, and what must hold."""
Checker: TypeAlias = Callable[[object], Sequence[Mistake]]

LONGEST_QUOTE = 100


def compile_check(shape: Shape, known: dict[str, Checker] | None = None) -> Checker:
    """The check of a shape. `known` holds those of shapes that were met before, by name."""
    known = {} if known is None else known
    if shape.name not in known:

        def again(value: object) -> Sequence[Mistake]:  # a shape may hold itself
            return known[shape.name](value)

        known[shape.name] = again
        known[shape.name] = _compile(shape, known)
    return known[shape.name]


def _compile(shape: Shape, known: dict[str, Checker]) -> Checker:
    if isinstance(shape, StructureShape):
        return _structure(shape, known)
    if isinstance(shape, ListShape):
        return _list(shape, known)
    if isinstance(shape, MapShape):
        return _map(shape, known)
    if isinstance(shape, StringShape) or shape.type_name == "string":
        return _string(shape)
    match shape.type_name:
        case "integer" | "long":
            return _number(shape, int)
        case "float" | "double":
            return _number(shape, (int, float))
        case "boolean":
            return lambda value: (
                () if isinstance(value, bool) else _wrong(value, "be true or false")
            )
        case "timestamp":
            return _timestamp
        case _:
            return lambda _: ()


def _structure(shape: StructureShape, known: dict[str, Checker]) -> Checker:
    members = [
        (name, _all([compile_check(member, known), *_words(member)]))
        for name, member in shape.members.items()
    ]
    required = tuple(shape.required_members)

    def check(value: object) -> Sequence[Mistake]:
        if not isinstance(value, dict):
            return _wrong(value, "be an object")
        fields = cast("dict[str, object]", value)
        mistakes: list[Mistake] = [
            (name, None, "not be null") for name in required if fields.get(name) is None
        ]
        for name, member in members:
            if fields.get(name) is not None:
                found = member(fields[name])
                if found:
                    mistakes += _within(name, found)
        return mistakes

    return check


def _words(member: Shape) -> Iterator[Checker]:
    """What is said of a member in words alone: the form of its text, and which values there are."""
    words = html.unescape(member.documentation)
    if member.type_name == "string":
        if found := re.search(r"Pattern: <code>(.+?)</code>", words):
            yield _pattern(found[1])
        for prefix in re.findall(r"Values that begin with <code>(\S+?)</code> are reserved", words):
            yield _pattern(rf"(?!{prefix}).*")
        if said := words.partition("Available values:")[2]:
            yield _enum(re.findall(r"<code>(\S+?)</code>", said))


def _list(shape: ListShape, known: dict[str, Checker]) -> Checker:
    member = compile_check(shape.member, known)
    length = _length(shape)

    def check(value: object) -> Sequence[Mistake]:
        if not isinstance(value, list):
            return _wrong(value, "be a list")
        items = cast("list[object]", value)
        mistakes = list(length(items, len(items)))
        for index, item in enumerate(items, 1):
            found = member(item) if item is not None else _wrong(None, "not be null")
            if found:
                mistakes += _within(f"{index}.member", found)
        return mistakes

    return check


def _map(shape: MapShape, known: dict[str, Checker]) -> Checker:
    key_check, value_check = compile_check(shape.key, known), compile_check(shape.value, known)
    length = _length(shape)

    def check(value: object) -> Sequence[Mistake]:
        if not isinstance(value, dict):
            return _wrong(value, "be an object")
        items = cast("dict[object, object]", value)
        mistakes = list(length(items, len(items)))
        for key, item in items.items():
            found = [*key_check(key), *value_check(item)]
            if found:
                mistakes += _within(f"{key}", found)
        return mistakes

    return check


def _string(shape: Shape) -> Checker:
    values = cast("Sequence[str]", shape.metadata.get("enum", ()))
    source = cast("str | None", shape.metadata.get("pattern"))
    enums, patterns = ([values] if values else []), ([source] if source else [])
    further = _all([*map(_enum, enums), *map(_pattern, patterns)])
    length = _length(shape)
    bounded = "min" in shape.metadata or "max" in shape.metadata

    def check(value: object) -> Sequence[Mistake]:
        if not isinstance(value, str):
            return _wrong(value, "be a string")
        if bounded and (found := length(value, len(value))):
            return found
        return further(value)

    return check


def _all(checks: Sequence[Checker]) -> Checker:
    """One after the other, to the first that finds something."""
    if len(checks) == 1:
        return checks[0]

    def check(value: object) -> Sequence[Mistake]:
        return next(filter(None, (each(value) for each in checks)), ())

    return check


def _enum(values: Sequence[str]) -> Checker:
    enum = frozenset(values)
    must = f"satisfy enum value set: [{', '.join(sorted(enum))}]"
    return lambda value: () if value in enum else _wrong(value, must)


def _pattern(source: str) -> Checker:
    in_python = source.replace("${", "(?:$){")  # AWS's language lets an end be repeated
    pattern = re.compile(in_python, re.ASCII)
    must = f"satisfy regular expression pattern: {source}"
    return lambda value: () if pattern.fullmatch(str(value)) else _wrong(value, must)


def _length(shape: Shape) -> Callable[[object, int], Sequence[Mistake]]:
    least = cast("int", shape.metadata.get("min", 0))
    most = cast("int | None", shape.metadata.get("max"))

    def check(value: object, length: int) -> Sequence[Mistake]:
        if length < least:
            return _wrong(value, f"have length greater than or equal to {least}")
        if most is not None and length > most:
            return _wrong(value, f"have length less than or equal to {most}")
        return ()

    return check


def _number(shape: Shape, kind: type | tuple[type, ...]) -> Checker:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")

    def check(value: object) -> Sequence[Mistake]:
        if not isinstance(value, kind) or isinstance(value, bool):
            return _wrong(value, "be a number")
        number = cast("float", value)
        if least is not None and number < least:
            return _wrong(value, f"have value greater than or equal to {least}")
        if most is not None and number > most:
            return _wrong(value, f"have value less than or equal to {most}")
        return ()

    return check


def _timestamp(value: object) -> Sequence[Mistake]:
    try:
        datetime.fromisoformat(cast("str", value))
    except (TypeError, ValueError):
        return _wrong(value, "be a timestamp, as in 2027-03-01T10:00:00Z")
    return ()


def _wrong(value: object, must: str) -> Sequence[Mistake]:
    return (("", value, must),)


def _within(name: str, mistakes: Sequence[Mistake]) -> list[Mistake]:
    return [(f"{name}.{path}" if path else name, value, must) for path, value, must in mistakes]


def describe(mistakes: Sequence[Mistake]) -> str:
    """All mistakes in the words of AWS's services."""
    told = [
        f"Value {_quoted(value)} at '{path}' failed to satisfy constraint: Member must {must}"
        for path, value, must in mistakes
    ]
    many = "error" if len(told) == 1 else "errors"
    return f"{len(told)} validation {many} detected: {'; '.join(told)}"


def _quoted(value: object) -> str:
    if value is None:
        return "null"
    text = str(value)
    return f"'{text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + '...'}'"
