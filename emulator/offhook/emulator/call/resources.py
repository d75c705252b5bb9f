"""What is only kept: each thing at its path, as in `/meetings/{id}`, in the way it is shown."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

Path: TypeAlias = tuple[str, ...]
"""The segments of a path: what is in a collection is one segment longer than it."""
Resource: TypeAlias = Mapping[str, object]
"""AWS's names and values."""


class Resources:
    """All of them, in the order in which they were made."""

    def __init__(self) -> None:
        self._kept: dict[Path, Resource] = {}
        self.by_token: dict[tuple[Path, str], Path] = {}
        """What was made in a collection with a ClientRequestToken, or the like: not made twice."""
        self.watchers: list[Callable[[Path, Resource | None], object]] = []
        """Who is told what is at a path from now on; `None` when it has gone."""

    def get(self, path: Path) -> Resource | None:
        """What is at a path; `None` where nothing is."""
        return self._kept.get(path)

    def within(self, collection: Path) -> list[Resource]:
        """Everything in a collection."""
        length = len(collection)
        return [
            resource
            for path, resource in self._kept.items()
            if len(path) == length + 1 and path[:length] == collection
        ]

    def of(self, arn: str) -> Path | None:
        """Where the thing is whose ARN this is."""
        for path, resource in self._kept.items():
            if arn in (value for name, value in resource.items() if name.endswith("Arn")):
                return path
        return None

    def put(self, path: Path, resource: Resource) -> None:
        """Keep it there, instead of what was there."""
        self._kept[path] = resource
        self._tell(path, resource)

    def delete(self, path: Path) -> None:
        """Forget what is there, and everything below."""
        for each in [kept for kept in self._kept if kept[: len(path)] == path]:
            del self._kept[each]
            self._tell(each, None)

    def _tell(self, path: Path, resource: Resource | None) -> None:
        for watcher in self.watchers:
            watcher(path, resource)
