"""Operations that only keep things, made from the model: nothing of them is written by hand but
what the service adds to a new thing.

What a GET shows is kept at its path. A path that ends in an id is in a collection: POST to the
collection adds to it, GET of the collection lists it. Any other is there once: PUT says what it is,
and where nothing can delete it, it is there from the beginning. What AWS has ended is not kept.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias, cast

from botocore.model import ListShape, Shape, StructureShape

from offhook.emulator.call.resources import Path, Resource
from offhook.emulator.server.api.model import Operation, load_model
from offhook.emulator.server.api.pages import page
from offhook.emulator.service.records import stamp
from offhook.emulator.service.service import Service
from offhook.emulator.service.service_error import not_found

Parameters: TypeAlias = Mapping[str, object]
Body: TypeAlias = Mapping[str, object] | None
Run: TypeAlias = Callable[[Service, Parameters], Body]
Adds: TypeAlias = Callable[[Service, str], Resource]
"""What the service says of a new thing by itself, by the id that it may have: one of another form
is said here. What is asked for beats it."""
ENDED = "End of support notice"
"""What the model says of operations that are no more."""
Does: TypeAlias = Callable[[Service, Operation, Parameters], Body]


class Kept:
    """The operations of the model that keep what is below a first segment."""

    def __init__(self, root: str, adds: Mapping[str, Adds]) -> None:
        """`adds` by the name of a collection, as in its path."""
        self._adds = adds
        below = [
            op
            for op in load_model().operations.values()
            if op.segments[0] == root and ENDED not in op.model.documentation
        ]
        made = {_what_it_makes(op) for op in below}
        self._shown = {
            op.segments: op
            for op in below
            if op.model.http["method"] == "GET"
            and not op.query
            and made & {op.segments, (*op.segments, None)}
        }
        self._deleted = {op.segments for op in below if op.model.http["method"] == "DELETE"}
        self.operations: Mapping[str, Run] = {
            op.name: _run(does, op) for op in below if (does := self._does(op)) is not None
        }
        """What each does, by its name."""

    def _does(self, operation: Operation) -> Does | None:
        asks = operation.model.http["method"], operation.query.get("operation", "")
        if (*operation.segments, None) in self._shown:
            match asks:
                case "POST", "" if operation.name.startswith("Create"):
                    return self.create
                case "POST", "batch-create":
                    return self.batch_create
                case "POST", verb if verb.startswith("create-"):
                    return self.create_with
                case "GET", "":
                    return self.list
                case _:
                    return None
        verbs = {("GET", ""): self.get, ("PUT", ""): self.put, ("DELETE", ""): self.delete}
        return verbs.get(asks) if operation.segments in self._shown else None

    def create(self, service: Service, operation: Operation, asked: Parameters) -> Body:
        """Make one, with an id of its own."""
        name, kind = _structure(operation)
        path = _path(operation, asked)
        return {name: self._made(service, operation.segments, path, asked, kind)}

    def batch_create(self, service: Service, operation: Operation, asked: Parameters) -> Body:
        """Make several of a family at once."""
        name, kind = _several(operation)
        path = _path(operation, asked)
        items = cast("Sequence[Parameters]", asked[name])
        made = [self._made(service, operation.segments, path, item, kind) for item in items]
        return {name: made, "Errors": []}

    def create_with(self, service: Service, operation: Operation, asked: Parameters) -> Body:
        """Make one, and what is in it."""
        collection = operation.query["operation"].removeprefix("create-")
        there_are = len(service.resources.within(_path(operation, asked)))
        body = dict(self.create(service, operation, asked) or {})
        name, kind = _several(operation)
        made = cast("Resource", body[_structure(operation)[0]])
        its_id = str(made[self._id_member(operation.segments)])
        path = (*_path(operation, asked), its_id, collection)
        if len(service.resources.within(path[:-2])) > there_are:  # else it was there already
            for item in cast("Sequence[Parameters]", asked[name]):
                segments = (*operation.segments, None, collection)
                self._made(service, segments, path, item, kind)
        return {**body, name: service.resources.within(path), "Errors": []}

    def list(self, service: Service, operation: Operation, asked: Parameters) -> Body:
        """All that there are, in pages."""
        path, id_member = _path(operation, asked), self._id_member(operation.segments)
        _inside(service, operation.segments, path)
        most, token = cast("int | None", asked.get("MaxResults")), asked.get("NextToken")
        shown, following = page(
            service.resources.within(path),
            lambda each: str(each[id_member]),
            cast("str | None", token),
            most,
        )
        name = next(name for name, shape in _output(operation) if isinstance(shape, ListShape))
        return {name: shown, **({"NextToken": following} if following else {})}

    def get(self, service: Service, operation: Operation, asked: Parameters) -> Body:
        """Show one of a family."""
        path = _path(operation, asked)
        if operation.segments in self._deleted:
            return {_structure(operation)[0]: there(service, path)}
        _inside(service, operation.segments, path)
        name, kind = _structure(operation)
        off = {each: False for each, shape in kind.members.items() if shape.type_name == "boolean"}
        return {name: service.resources.get(path) or off}

    def put(self, service: Service, operation: Operation, asked: Parameters) -> Body:
        """Say what it is from now on; of one in a collection, what else it is."""
        name, kind = _structure(operation)
        path = _path(operation, asked)
        _inside(service, operation.segments, path)
        given = cast("Resource", asked.get(name) or _known(kind, asked))
        if operation.segments[-1] is None:
            given = {**there(service, path), **given, **_stamped(service, kind, "Updated")}
        service.resources.put(path, given)
        return {name: there(service, path)}

    def delete(self, service: Service, operation: Operation, asked: Parameters) -> Body:
        """Delete it, and all that is in it."""
        path = _path(operation, asked)
        for name, value in there(service, path).items():
            if name.endswith("Arn"):
                service.account.holdings.tags.pop(str(value), None)
        service.resources.delete(path)
        return None

    def _id_member(self, segments: Sequence[str | None]) -> str:
        return self._shown[(*segments, None)].path_members[-1].name

    def _made(
        self,
        service: Service,
        segments: Sequence[str | None],
        path: Path,
        asked: Parameters,
        kind: StructureShape,
    ) -> Resource:
        """A new thing in a collection, or what was made before of the same token."""
        _inside(service, segments, path)
        again = next((asked[name] for name in _idempotent(kind) if asked.get(name)), None)
        token = path, str(again or service.new_id())
        before = service.resources.get(service.resources.by_token.get(token, ()))
        if before is not None:
            return before
        member, its_id = self._id_member(segments), service.new_id()
        added = self._adds[str(segments[-1])](service, its_id)
        stamps = _stamped(service, kind, "Created", "Updated")
        made = {member: its_id, **added, **stamps, **_known(kind, asked)}
        its_id = str(made[member])
        if again is not None:
            service.resources.by_token[token] = (*path, its_id)
        service.resources.put((*path, its_id), made)
        if "Tags" in asked:
            tags = cast("Sequence[Mapping[str, str]]", asked["Tags"])
            arn = next(str(value) for name, value in made.items() if name.endswith("Arn"))
            service.account.holdings.tags[arn] = {tag["Key"]: tag["Value"] for tag in tags}
        return made


def _what_it_makes(operation: Operation) -> tuple[str | None, ...]:
    """The path of what is there after it, if it makes or puts something."""
    method, verb = operation.model.http["method"], operation.query.get("operation", "")
    if method == "POST" and (operation.name.startswith("Create") or "create" in verb):
        return (*operation.segments, None)
    return operation.segments if method == "PUT" else ()


def _stamped(service: Service, kind: StructureShape, *stamps: str) -> Resource:
    """The timestamps of a thing that has them: now."""
    names = (f"{stamp}Timestamp" for stamp in stamps)
    return {name: stamp(service.account.now()) for name in names if name in kind.members}


def _idempotent(kind: StructureShape) -> Iterator[str]:
    """The members of what is asked that say that it is the same request."""
    yield "ClientRequestToken"
    for name, member in kind.members.items():
        if "idempotency token" in member.documentation:
            yield name


def _run(does: Does, operation: Operation) -> Run:
    def run(service: Service, asked: Parameters) -> Body:
        return does(service, operation, asked)

    run.__doc__ = does.__doc__
    return run


def _path(operation: Operation, asked: Parameters) -> Path:
    labels = iter(operation.path_members)
    return tuple(
        segment if segment is not None else str(asked[next(labels).name])
        for segment in operation.segments
    )


def there(service: Service, path: Path) -> Resource:
    """What is at a path. Raises NotFoundException."""
    found = service.resources.get(path)
    if found is None:
        raise not_found(f"There is no /{'/'.join(path)}: it was never made here, or is deleted")
    return found


def _inside(service: Service, segments: Sequence[str | None], path: Path) -> None:
    """Whether there is the thing that a path leads into. Raises NotFoundException."""
    if None in segments:
        there(service, path[: len(segments) - segments[::-1].index(None)])


def _known(kind: StructureShape, asked: Parameters) -> Resource:
    return {name: asked[name] for name in kind.members if name in asked}


def _output(operation: Operation) -> Sequence[tuple[str, Shape]]:
    shape = operation.model.output_shape
    return tuple(shape.members.items()) if isinstance(shape, StructureShape) else ()


def _structure(operation: Operation) -> tuple[str, StructureShape]:
    """What is answered of one thing."""
    return next((n, shape) for n, shape in _output(operation) if isinstance(shape, StructureShape))


def _several(operation: Operation) -> tuple[str, StructureShape]:
    """What is asked, and answered, of several."""
    asked = cast("StructureShape", operation.model.input_shape).members
    return next(
        (name, cast("StructureShape", shape.member))
        for name, shape in _output(operation)
        if name in asked and isinstance(shape, ListShape)
    )
