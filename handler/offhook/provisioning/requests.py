"""What CloudFormation asks, and what becomes of it."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Protocol

RECENT_SECONDS: Final = 3 * 60 * 60
"""How long an update and its roll-back may take together."""


class NotYet(Exception):
    """It is under way, or the service cannot say: look again later. Says what is waited for."""


class Failed(Exception):
    """It cannot be done. Says why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request of CloudFormation for a custom resource."""

    request_type: str
    """Create, Update or Delete."""
    response_url: str
    """Where the answer is put; it is signed beforehand."""
    stack_id: str
    request_id: str
    resource_type: str
    logical_resource_id: str
    physical_resource_id: str
    """What was answered before; of a Create, nothing."""
    resource_properties: Mapping[str, object]
    old_resource_properties: Mapping[str, object]
    """Those before an Update."""
    sent: float
    """When it was sent, in seconds since 1970."""

    @classmethod
    def read(cls, said: Mapping[str, Any], sent: float) -> "Request":
        """What a message says."""
        return cls(
            request_type=said["RequestType"],
            response_url=said["ResponseURL"],
            stack_id=said["StackId"],
            request_id=said["RequestId"],
            resource_type=said["ResourceType"],
            logical_resource_id=said["LogicalResourceId"],
            physical_resource_id=said.get("PhysicalResourceId", ""),
            resource_properties=said.get("ResourceProperties", {}),
            old_resource_properties=said.get("OldResourceProperties", {}),
            sent=sent,
        )

    @property
    def waited(self) -> float:
        """Seconds since it was sent."""
        return time.time() - self.sent

    def is_recent(self, created: datetime | None) -> bool:
        """Whether something was made by this request, or by the update that it rolls back."""
        return created is not None and created.timestamp() > self.sent - RECENT_SECONDS

    def text(self, name: str) -> str:
        """A property, or nothing."""
        return str(self.resource_properties.get(name, ""))

    @property
    def prefix(self) -> str:
        """How the names of all begin that this resource of the stack has made."""
        stack = self.stack_id.partition("/")[2].partition("/")[0]
        said = f"{stack[:80]}-{self.logical_resource_id[:80]}"  # of 256 that a name may have
        return f"{said}-{_short(self.stack_id, self.logical_resource_id)}-"

    def name(self, identity: Sequence[str]) -> str:
        """A name for what these properties make: who repeats a request finds what it has made."""
        return self._named(identity, self.resource_properties)

    def former_name(self, identity: Sequence[str]) -> str:
        """The name for what they have made before an Update."""
        return self._named(identity, self.old_resource_properties)

    def _named(self, identity: Sequence[str], properties: Mapping[str, object]) -> str:
        return self.prefix + _short(*(str(properties.get(each, "")) for each in identity))


@dataclass(frozen=True)
class Thing:
    """What a kind has made, or may have made."""

    id: str
    """Its physical id: when another is answered than before, CloudFormation deletes the former."""
    name: str = ""
    created: datetime | None = None
    data: Mapping[str, str] = field(default_factory=dict[str, str])
    """What `!GetAtt` gives."""


class Kind(Protocol):
    """A kind of custom resource. All may be asked any number of times, also after an execution died
    anywhere in them. They raise `NotYet`, `Failed` and what boto3 raises."""

    @property
    def identity(self) -> tuple[str, ...]:
        """The properties that make it another when they change."""
        ...

    def things(self) -> Iterable[Thing]:
        """All that there are in the account, ours or not."""
        ...

    def ensure(self, request: Request, name: str, /) -> Thing:
        """Find it or make it, and make it as it is asked for."""
        ...

    def remove(self, thing: Thing, request: Request, /) -> None:
        """Remove it, if it is ours."""
        ...


def _short(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:10]
