"""What CloudFormation asks, and what becomes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

PATIENCE_SECONDS: Final = 45 * 60
"""How long a request may take: CloudFormation itself waits for an hour."""
RECENT_SECONDS: Final = 3 * 60 * 60
"""How long an update and its roll-back may take together."""


class NotYet(Exception):
    """It is under way, or the service cannot say: look again later. Says what is waited for."""

    def __init__(self, says: str, seconds: int = PATIENCE_SECONDS) -> None:
        super().__init__(says)
        self.seconds = seconds
        """How long after the request was sent that is no failure."""


class Failed(Exception):
    """It cannot be done. Says why, and what to do."""


@dataclass(frozen=True)
class Request:
    """A request for a custom resource."""

    said: Mapping[str, Any]
    """What CloudFormation says, in its own names."""
    sent: float
    """When, in seconds since 1970."""

    @property
    def its_id(self) -> str:
        """The id that the resource has, or nothing."""
        return str(self.said.get("PhysicalResourceId", ""))

    def text(self, name: str, *, former: bool = False) -> str:
        """A property, or that before an Update, or nothing."""
        of = "Old" if former else ""
        said: Mapping[str, Any] = self.said.get(f"{of}ResourceProperties") or {}
        return str(said.get(name) or "")

    def is_recent(self, thing: "Thing") -> bool:
        """Whether the update that this rolls back may have made it."""
        return bool(self.sent - thing.said["CreatedTimestamp"].timestamp() < RECENT_SECONDS)

    @property
    def prefix(self) -> str:
        """How the names, of up to 256 characters, of all begin that this resource has made."""
        stack_id, logical_id = self.said["StackId"], self.said["LogicalResourceId"]
        stack = stack_id.partition("/")[2].partition("/")[0]
        return f"{stack[:80]}-{logical_id[:80]}-{_short(stack_id, logical_id)}-"

    def name(self, kind: "Kind", *, former: bool = False) -> str:
        """A name for what these properties make: who repeats a request finds what it has made."""
        return self.prefix + _short(*(self.text(each, former=former) for each in kind.identity))


@dataclass(frozen=True)
class Thing:
    """What a kind has made, or may have made."""

    id: str
    """Its physical id: when another is answered than before, CloudFormation deletes the former."""
    said: Mapping[str, Any]
    """What the service says of it, in its own names."""

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.said.get("Name", ""))


@dataclass(frozen=True)
class Kind:
    """A kind of custom resource. All may be asked any number of times, also after an execution died
    anywhere in them. They raise `NotYet`, `Failed` and what boto3 raises."""

    identity: tuple[str, ...]
    """The properties that make it another when they change."""
    things: Callable[[], list[Thing]]
    """All that there are in the account, ours or not."""
    ensure: Callable[[Request, str], str]
    """Find it by this name or make it, and make it as it is asked for. Its id."""
    remove: Callable[[Thing, Request], None]
    """Remove it, if it is ours."""


def _short(*parts: str) -> str:
    return sha256("\n".join(parts).encode(errors="surrogatepass")).hexdigest()[:10]
