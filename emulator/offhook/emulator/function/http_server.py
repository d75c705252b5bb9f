"""HTTP/1.1 as a server reads it: requests cut from bytes as they come, answered one by one.

For the Runtime API, whose one client asks, waits, and asks again. Whatever else comes (garbage,
halves, endless headers) is answered with an error and costs no more than the limits here.
"""

import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias

from offhook.emulator.ports.loopback import Nobody, NotLetIn, check

MAX_HEAD = 1056 * 1024
"""Bytes of a request line and its headers: AWS's Python client says in one of them, of up to 1 MB,
where an error came from."""

NOBODY = Nobody()

Send: TypeAlias = Callable[[int, bytes, Mapping[str, str]], None]
"""Answers a request: status, body, headers."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request, read to its end."""

    method: str
    path: str
    body: bytes
    size: int
    """Bytes of the body as sent; those past the limit were thrown away."""


class Malformed(Exception):
    """What came is not HTTP as we read it."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


Reading: TypeAlias = Generator[None, None, bytes]


class Conversation:
    """What one client says, and what it is answered. Bytes in, bytes out: no sockets here."""

    def __init__(
        self,
        answer: Callable[[HttpRequest, Send], None],
        write: Callable[[bytes], None],
        *,
        max_body: int,
    ) -> None:
        """`answer` sees each request, and calls `send` once, now or later."""
        self.is_over = False
        """Whether nothing more can be said: the client is to be hung up on."""
        self._answer = answer
        self._write = write
        self._max_body = max_body
        self._buffer = bytearray()
        self._waits_for_answer = False
        self._is_reading = False
        self._requests = self._read_requests()

    def hears(self, data: bytes) -> None:
        """Some bytes, wherever they begin and end."""
        if not self.is_over:
            self._buffer += data
            self._go_on()

    def _go_on(self) -> None:
        if self._is_reading or self._waits_for_answer:
            return
        self._is_reading = True
        try:
            next(self._requests)
        except Malformed as malformed:
            self._send(malformed.status, str(malformed).encode(), {"Connection": "close"})
            self.is_over = True
        finally:
            self._is_reading = False

    def _read_requests(self) -> Generator[None, None, None]:
        while True:
            head = yield from self._until(b"\r\n\r\n", MAX_HEAD)
            method, path, framing = _read_head(head)
            if framing.get("expect", "").lower() == "100-continue":
                self._write(b"HTTP/1.1 100 Continue\r\n\r\n")
            body, size = yield from self._body(framing)
            self._waits_for_answer = True
            self._answer(HttpRequest(method, path, body, size), self._send_once())
            while self._waits_for_answer:
                yield

    def _send_once(self) -> Send:
        is_sent = False

        def send(status: int, body: bytes, headers: Mapping[str, str]) -> None:
            nonlocal is_sent
            if is_sent:
                return
            is_sent = True
            self._send(status, body, headers)
            self._waits_for_answer = False
            self._go_on()

        return send

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        head = f"{_STATUS[status]}{lines}Content-Length: {len(body)}\r\n\r\n"
        self._write(head.encode("latin-1", "replace") + body)

    def _body(self, headers: Mapping[str, str]) -> Generator[None, None, tuple[bytes, int]]:
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return (yield from self._chunks())
        length = _number(headers.get("content-length", "0"), 10)
        body = bytearray()
        yield from self._take(length, body)
        return bytes(body), length

    def _chunks(self) -> Generator[None, None, tuple[bytes, int]]:
        body, size = bytearray(), 0
        while True:
            line = yield from self._until(b"\r\n", MAX_HEAD)
            length = _number(line.partition(b";")[0].decode("latin-1"), 16)
            if length == 0:
                break
            yield from self._take(length, body)
            size += length
            if (yield from self._until(b"\r\n", 2)):
                raise Malformed(400, "a chunk is longer than it says")
        while (yield from self._until(b"\r\n", MAX_HEAD)):  # trailers
            pass
        return bytes(body), size

    def _until(self, mark: bytes, limit: int) -> Reading:
        while (end := self._buffer.find(mark)) < 0:
            if len(self._buffer) > limit:
                raise Malformed(431, f"more than {limit} bytes and no end of the headers")
            yield
        found = bytes(self._buffer[:end])
        del self._buffer[: end + len(mark)]
        return found

    def _take(self, length: int, into: bytearray) -> Generator[None, None, None]:
        """The next so many bytes; what is past the limit is thrown away as it comes."""
        while length > 0:
            if not self._buffer:
                yield
                continue
            part = self._buffer[:length]
            del self._buffer[: len(part)]
            length -= len(part)
            into += part[: max(0, self._max_body - len(into))]


_STATUS = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus}
_REQUEST_LINE = re.compile(r"([^ \r\n]+) ([^ \r\n]+) HTTP/1\.[^ \r\n]*(?=\r\n|$)")
_HEADERS = re.compile(r"(?:\r\n[^:\r\n]*:[^\r\n]*)*$")
_FRAMING = re.compile(
    r"\r\n\s*(content-length|transfer-encoding|expect|host|origin|sec-fetch-site)\s*:([^\r\n]*)",
    re.IGNORECASE,
)


def _read_head(head: bytes) -> tuple[str, str, dict[str, str]]:
    """Method, path, and the headers that say who asks, and what comes, by name in lower case."""
    text = head.decode("latin-1")
    line = _REQUEST_LINE.match(text)
    if line is None:
        raise Malformed(400, "this is no HTTP/1.1 request")
    if not _HEADERS.match(text, line.end()):
        raise Malformed(400, "a header has no colon")
    headers: dict[str, str] = {}
    for raw, text_of in _FRAMING.findall(text, line.end()):
        name, value = raw.lower(), text_of.strip()
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    try:
        check(headers, NOBODY)
    except NotLetIn as refused:
        raise Malformed(refused.status, str(refused)) from None
    return line[1], line[2], headers


def _number(text: str, base: int) -> int:
    text = text.strip()
    if not (text.isascii() and text.isalnum() and len(text) < 16):
        raise Malformed(400, "a length is no number")
    try:
        return int(text, base)
    except ValueError:
        raise Malformed(400, "a length is no number") from None
