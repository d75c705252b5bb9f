"""What goes back: JSON in the way of AWS's REST services."""

import json
import uuid
from collections.abc import Mapping

from starlette.responses import Response


def request_id() -> str:
    """A fresh id, as in the header `x-amzn-RequestId`."""
    return str(uuid.uuid4())


def success(status: int, body: Mapping[str, object] | None) -> Response:
    """A good answer; 204 has no body."""
    content = b"" if status == 204 else json.dumps(body or {}).encode()
    return _answer(status, content, {})


def failure(status: int, error: str, message: str) -> Response:
    """An exception: botocore reads its name from the header, and its message from the body."""
    code = error.removesuffix("Exception")
    content = json.dumps({"Code": code, "Message": message}).encode()
    return _answer(status, content, {"x-amzn-ErrorType": error})


def _answer(status: int, content: bytes, headers: Mapping[str, str]) -> Response:
    return Response(
        content,
        status,
        {"x-amzn-RequestId": request_id(), "Content-Type": "application/json", **headers},
    )
