"""What is explored, and how far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from offhook.emulator.call.deeds import Deed


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One number of ours, one way, at one moment."""

    number: str
    """Our number on the call, in E.164."""
    at: datetime
    like: Sequence[datetime] = ()
    """Moments at which calls go alike, as far as is known."""
    from_: str = "+15550100200"
    """Who calls, or is called."""
    sip_headers: Mapping[str, str] = field(default_factory=dict[str, str])
    is_outbound: bool = False
    arguments: Mapping[str, str] = field(default_factory=dict[str, str])
    updates: Sequence[Mapping[str, str]] = ()
    """The arguments of updates that may come."""
    after: str = ""
    """A commit: the version before this one answers up to some moment."""
    faults: int = 1
    """Disturbances in a path, at most."""
    seconds: float | None = 60.0
    """By the wall clock; `None` goes on to the end."""

    def said(self, deed: Deed) -> Deed:
        """The same, for who reads it: an update says what it brings."""
        if deed.does != "update":
            return deed
        number, _, rest = deed.what.partition(" ")
        arguments = self.updates[int(number) - 1].items()
        what = " ".join([*(f"{name}={value}" for name, value in arguments), rest]).rstrip()
        return replace(deed, what=what)
