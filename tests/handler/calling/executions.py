"""Executions of the trigger: how it is invoked, and what it counts."""

import json
from base64 import b64encode
from typing import cast
from urllib.parse import parse_qsl, quote

import pytest

from offhook.handler import trigger


class Context:
    """What Lambda says of an execution: here, how much time it has."""

    def __init__(self, seconds: float = 20) -> None:
        self._milliseconds = int(seconds * 1000)

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda ends it."""
        return self._milliseconds


class Asks:
    """Somebody who may use the function URL."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.content_type = "application/json"
        self.arn = "arn:aws:iam::123456789012:root"
        """Who it is."""

    def __call__(
        self, method: str, key: str, body: object = None, *, seconds: float = 20
    ) -> tuple[int, dict[str, object]]:
        """The status and the answer; the answer's headers are kept."""
        return self.path(method, f"/calls/{quote(key, safe='')}", body, seconds=seconds)

    def path(
        self, method: str, path: str, body: object = None, *, seconds: float = 20
    ) -> tuple[int, dict[str, object]]:
        """The same, for any path; a string is sent as it is, and so are bytes."""
        path, _, query = path.partition("?")
        if isinstance(body, bytes):
            said: str | None = b64encode(body).decode()
        else:
            said = body if isinstance(body, str | None) else json.dumps(body)
        event: dict[str, object] = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": query,
            "queryStringParameters": dict(parse_qsl(query)),
            "headers": {"content-type": self.content_type},
            "requestContext": {
                "authorizer": {"iam": {"userArn": self.arn}},
                "http": {"method": method, "path": path},
                "stage": "$default",
            },
            "body": said,
            "isBase64Encoded": isinstance(body, bytes),
        }
        answer = trigger.lambda_handler(event, Context(seconds))
        self.headers = cast("dict[str, str]", answer["headers"])
        status = answer["statusCode"]
        assert isinstance(status, int)
        return status, cast("dict[str, object]", json.loads(str(answer["body"])))


def metrics(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str]]:
    """The operation and the result of each request that was counted."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [(line["operation"], line["result"]) for line in lines if "_aws" in line]
