"""The service model as botocore has it: which request is which operation, and how errors look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import cast
from urllib.parse import parse_qsl, unquote

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape, StructureShape

from offhook.emulator.server.api.check import Checker, compile_check

SERVICE, MEETINGS = "chime-sdk-voice", "chime-sdk-meetings"
LEGACY = "chime"
"""The namespace that had these operations before; its paths are nobody's now."""


@dataclass(frozen=True)
class Member:
    """A member of an input that is not in the body."""

    name: str
    location_name: str
    shape: Shape


@dataclass(frozen=True)
class Operation:
    """One operation of the model."""

    name: str
    model: OperationModel
    segments: tuple[str | None, ...]
    """The path; `None` where a label stands."""
    labels: tuple[str, ...]
    query: Mapping[str, str]
    """What the query must say, as in `operation=restore`."""
    status: int
    """Of a good answer."""
    _known: dict[str, Checker] = field(default_factory=dict[str, Checker])

    @cached_property
    def check_input(self) -> Checker:
        """What a request has to be: a check that tells each fault."""
        shape = self.model.input_shape
        return compile_check(shape, self._known) if shape is not None else lambda _: ()

    @cached_property
    def check_output(self) -> Checker:
        """What an answer has to be: a check that tells each fault."""
        shape = self.model.output_shape
        return compile_check(shape, self._known) if shape is not None else lambda _: ()

    @cached_property
    def path_members(self) -> tuple[Member, ...]:
        """The members in the path, in its order."""
        found = {member.location_name: member for member in self._members("uri")}
        return tuple(found[label] for label in self.labels)

    @cached_property
    def query_members(self) -> tuple[Member, ...]:
        """The members in the query."""
        return self._members("querystring")

    @cached_property
    def body_members(self) -> frozenset[str]:
        """The members in the body, by their names there."""
        return frozenset(member.location_name for member in self._members(None))

    @property
    def service(self) -> str:
        """Whose it is, as in `chime-sdk-voice`."""
        return self.model.service_model.service_name

    @property
    def errors(self) -> tuple[str, ...]:
        """The exceptions that are documented for it."""
        return tuple(shape.name for shape in self.model.error_shapes)

    def _members(self, location: str | None) -> tuple[Member, ...]:
        shape = self.model.input_shape
        if not isinstance(shape, StructureShape):
            return ()
        return tuple(
            Member(name, cast("str", member.serialization.get("name", name)), member)
            for name, member in shape.members.items()
            if member.serialization.get("location") == location
        )


class Model:
    """All operations of one or more services. Where two have one of the same name, it is the
    first's."""

    def __init__(self, *services: str) -> None:
        loader = Loader()
        models = [
            ServiceModel(loader.load_service_model(service, "service-2"), service)
            for service in services
        ]
        self.operations = {
            name: _read(model, name) for model in models[::-1] for name in model.operation_names
        }
        self.statuses = {
            shape.name: cast("int", shape.metadata["error"]["httpStatusCode"])
            for model in models[::-1]
            for shape in model.error_shapes
        }
        """The HTTP status of every exception."""
        self._table: dict[tuple[str, int, str], list[Operation]] = {}
        for operation in self.operations.values():
            family = operation.segments[0] or ""
            key = (operation.model.http["method"], len(operation.segments), family)
            self._table.setdefault(key, []).append(operation)
        for row in self._table.values():  # a literal goes before a label, more query before less
            row.sort(key=lambda op: (op.segments.count(None), -len(op.query)))

    def match(
        self, method: str, path: str, query: Mapping[str, str]
    ) -> tuple[Operation, list[str]] | None:
        """The operation that a request asks for, and its labels. `path` is as it came: encoded."""
        parts = path.strip("/").split("/")
        for operation in self._table.get((method, len(parts), parts[0]), ()):
            labels = _labels(operation.segments, parts)
            if labels is None:
                continue
            if all(query.get(key) == value for key, value in operation.query.items()):
                return operation, labels
        return None

    def knows(self, path: str) -> list[str]:
        """The methods that a path has."""
        parts = path.strip("/").split("/")
        return sorted(
            {
                method
                for (method, length, _), row in self._table.items()
                if length == len(parts)
                for operation in row
                if _labels(operation.segments, parts) is not None
            }
        )


def _read(model: ServiceModel, name: str) -> Operation:
    operation = model.operation_model(name)
    path, _, query = cast("str", operation.http["requestUri"]).partition("?")
    parts = path.strip("/").split("/")
    return Operation(
        name=name,
        model=operation,
        segments=tuple(None if part.startswith("{") else part for part in parts),
        labels=tuple(part.strip("{}") for part in parts if part.startswith("{")),
        query=dict(parse_qsl(query)),
        status=cast("int", operation.http.get("responseCode", 200)),
    )


def _labels(segments: Sequence[str | None], parts: Sequence[str]) -> list[str] | None:
    """What stands where labels are; `None` when the literals differ."""
    labels: list[str] = []
    for segment, part in zip(segments, parts, strict=True):
        if segment is None:
            labels.append(unquote(part))
        elif segment != part:
            return None
    return labels


@lru_cache
def load_model(*services: str) -> Model:
    """The model of services, of those of the desk by default; read once, which takes a moment."""
    return Model(*(services or (SERVICE, MEETINGS)))
