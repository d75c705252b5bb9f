"""Values for the shapes of the service model: mostly good, sometimes not."""

from typing import TypeAlias, cast

from botocore.model import ListShape, MapShape, Shape, StructureShape
from hypothesis import strategies as st

Values: TypeAlias = st.SearchStrategy[object]

GARBAGE: Values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.text(max_size=20),
    st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3),
)


def values(shape: Shape, known: tuple[str, ...], depth: int = 0) -> Values:
    """`known`: ids, numbers and ARNs that mean something to the server."""
    good = _good(shape, known, depth)
    return st.one_of(good, good, good, good, GARBAGE)


def _good(shape: Shape, known: tuple[str, ...], depth: int) -> Values:
    if depth > 4:
        return st.none()
    if isinstance(shape, StructureShape):
        required = {
            name: values(shape.members[name], known, depth + 1) for name in shape.required_members
        }
        optional = {
            name: values(member, known, depth + 1)
            for name, member in shape.members.items()
            if name not in required
        }
        return cast("Values", st.fixed_dictionaries(required, optional=optional))
    if isinstance(shape, ListShape):
        return cast("Values", st.lists(values(shape.member, known, depth + 1), max_size=3))
    if isinstance(shape, MapShape):
        items = values(shape.value, known, depth + 1)
        return cast("Values", st.dictionaries(st.text(max_size=5), items, max_size=22))
    match shape.type_name:
        case "integer" | "long":
            return st.integers(-1, 600)
        case "boolean":
            return st.booleans()
        case _:
            return _text(shape, known)


def _text(shape: Shape, known: tuple[str, ...]) -> Values:
    enum = cast("list[str]", shape.metadata.get("enum", []))
    if enum:
        return st.sampled_from(enum)
    pattern = cast("str | None", shape.metadata.get("pattern"))
    choices: list[st.SearchStrategy[str]] = [st.sampled_from(known), st.text(max_size=30)]
    if pattern and not pattern.startswith("(?!"):
        choices.append(st.from_regex(pattern, fullmatch=True).map(lambda text: text[:300]))
    return st.one_of(choices)
