"""How the Lambda function is reached: in this process for now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one invocation."""

    reply: object = None
    """What the function returned, as JSON."""
    error: str = ""
    """Why it returned nothing: `ErrorType: message`; empty when it did."""


class Function(Protocol):
    """A Lambda function that can be invoked with an event."""

    async def invoke(self, event: Mapping[str, object]) -> Answer:
        """Run the function to its end. Never raises."""
        ...
