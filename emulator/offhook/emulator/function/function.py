"""A Lambda function that can be invoked, what came of it, and what Lambda gives it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from offhook.emulator.as_json import text_of
from offhook.handler.errors import OffhookError

Failure: TypeAlias = Literal[
    "function", "throttled", "denied", "refused", "unreachable", "timed_out"
]
"""What went wrong: `function` is the code's own fault (FunctionError); `throttled` (429), `denied`
(403) and `refused` (any other 4XX) are Lambda's answers; `unreachable` is no answer at all, and
`timed_out` none in time."""


@dataclass(frozen=True, slots=True)
class Invoked:
    """What came of one invocation."""

    reply: object = None
    """What the function returned, as JSON."""
    error: str = ""
    """Why it returned nothing: `ErrorType: message`; empty when it did."""
    failure: Failure = "function"
    """What kind of error it is, where there is one."""
    log: str = ""
    """What the function wrote to its standard output and error, as far as we can see it."""
    seconds: float = 0.0
    """How long it took by the wall clock, its start included."""
    looked_at_the_clock: bool | None = None
    """Whether it did, where that is known: of a function of this process."""
    text: str = field(default="", compare=False, repr=False)
    """The reply as `text_of` gives it, where somebody has it already."""

    asked: str = field(default="", compare=False, repr=False)
    """The event as text, the same."""

    @property
    def said(self) -> str:
        """The reply as text."""
        return self.text or text_of(self.reply)


@dataclass(frozen=True, slots=True)
class Limits:
    """What Lambda is configured to give a function, and what it says of itself in the context."""

    timeout: float = 20.0
    """Seconds for one invocation; Lambda allows 1 to 900, and 3 unless told otherwise. The service
    waits no longer than 20."""
    memory_mb: int = 512
    """Megabytes, as the function is told; it is not enforced here."""
    account: str = "123456789012"
    region: str = "us-east-1"
    environment: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    """Variables that the function gets beside those of this process."""
    name: str = ""
    """What it is called in Lambda; by default, after where its code is."""
    real_aws: bool | str = False
    """Whether it finds the developer's AWS credentials; a name is a profile's."""
    aws_sdk_v2_endpoints: bool = True
    """Whether the AWS SDK for JavaScript v2 looks at `AWS_ENDPOINT_URL_S3` and the like in it."""
    stand_ins: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    """Variables that lead its AWS SDK to services of the desk, unless somebody says where."""

    def arn(self, name: str) -> str:
        """The ARN by which a function is called."""
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{name}"


class FunctionNotFound(OffhookError):
    """There is no such function; the message says what there is, or what to write."""


class Function(Protocol):
    """A Lambda function that can be invoked with an event."""

    async def invoke(self, event: Mapping[str, object]) -> Invoked:
        """Run the function to its end. Never raises."""
        ...

    def close(self) -> None:
        """End everything that was started for it. It may be invoked again later."""
        ...
