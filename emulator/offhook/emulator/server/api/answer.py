"""What goes back: JSON in the way of AWS's REST services."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.types import Send


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer of the API before it is sent: status, body, error."""

    status: int
    content: bytes
    error: str = ""
    """The exception's name, where it is one."""

    async def send(self, send: Send) -> None:
        """Send it off, with the headers that AWS adds."""
        headers = [
            (b"x-amzn-requestid", str(uuid.uuid4()).encode()),
            (b"content-type", b"application/json"),
        ]
        if self.status != 204:
            headers.append((b"content-length", str(len(self.content)).encode()))
        if self.error:
            headers.append((b"x-amzn-errortype", self.error.encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.content})


def success(status: int, body: Mapping[str, object] | None) -> HttpAnswer:
    """A good answer; 204 has no body."""
    return HttpAnswer(status, b"" if status == 204 else json.dumps(body or {}).encode())


def failure(status: int, error: str, message: str) -> HttpAnswer:
    """An exception: botocore reads its name from the header, and its message from the body."""
    code = error.removesuffix("Exception")
    return HttpAnswer(status, json.dumps({"Code": code, "Message": message}).encode(), error)
