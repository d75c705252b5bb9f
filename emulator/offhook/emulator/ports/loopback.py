"""Loopback is no boundary: every page in a browser on this machine can send requests there.

So every server of the desk lets in only who called it by a loopback name (a page elsewhere whose
name leads here, by DNS rebinding, did not), and no page but its own. Bodies have an end: in bytes,
and in time.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from ipaddress import ip_address
from typing import Final, Protocol, TypeAlias

MOST_BYTES: Final = 1024 * 1024
"""Of a body. No request to the desk needs a hundredth of it."""
BODY_SECONDS: Final = 10.0
"""How long a client may take to send its body."""

Headers: TypeAlias = Mapping[str, str]
"""By name in lower case. What came twice is joined by a comma, and so is no host of ours."""

_HOST: Final = re.compile(r"(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d{1,5})?")
_CHANGES: Final = ("POST", "PUT", "PATCH")
"""Methods that a page may use without asking first, or that have a body."""


class Allows(Protocol):
    """Who else may come in: what the configuration says."""

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Names of this machine beside those of loopback."""
        ...

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """Pages, as in `http://localhost:3000`."""
        ...


class Nobody:
    """Lets nobody in beside this machine."""

    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()


class NotLetIn(Exception):
    """A request is not let in."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status

    @property
    def code(self) -> str:
        """As AWS would call it."""
        return _CODES[self.status]

    @property
    def body(self) -> bytes:
        """As JSON, in the way of AWS's REST services."""
        return json.dumps({"Code": self.code, "Message": str(self)}).encode()


_CODES: Final = {
    400: "BadRequest",
    403: "Forbidden",
    408: "RequestTimeout",
    413: "RequestEntityTooLarge",
    415: "UnsupportedMediaType",
}


def check(headers: Headers, allows: Allows) -> None:
    """Whether who asks may come in. Raises `NotLetIn`."""
    host = headers.get("host", "").lower()
    name = _name_of(host)
    if not (_is_loopback(name) or (name and name in map(str.lower, allows.allowed_hosts))):
        raise NotLetIn(
            403,
            f"the desk answers to names of loopback, and the Host is {host or 'missing'!r}: write "
            f'127.0.0.1, or allow it with allowed_hosts = ["{name or "NAME"}"] in [tool.offhook]',
        )
    origin = headers.get("origin", "").lower()
    if origin in ("", f"http://{host}"):
        site = headers.get("sec-fetch-site", "none")
        if site in ("none", "same-origin"):
            return
        origin = (
            f"a page ({site})"  # one without CORS, as for <img>: the browser does not say whose
        )
    elif origin in map(str.lower, allows.allowed_origins):
        return
    raise NotLetIn(
        403,
        f"no page but the desk's own may ask this, and the Origin is {origin!r}: allow it with "
        f'allowed_origins = ["http://localhost:3000"] in [tool.offhook]',
    )


def check_json(method: str, headers: Headers) -> None:
    """Whether what is sent is said to be JSON, which no form can. Raises `NotLetIn`."""
    kind = headers.get("content-type", "")
    if method in _CHANGES and kind.partition(";")[0].strip().lower() != "application/json":
        raise NotLetIn(
            415,
            f"the Content-Type is {kind or 'missing'!r}: send JSON, and say so, as in "
            "curl -H 'Content-Type: application/json'",
        )


@lru_cache
def _name_of(host: str) -> str:
    found = _HOST.fullmatch(host)
    return (found[1] or found[2]).removesuffix(".") if found else ""


@lru_cache
def _is_loopback(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True  # RFC 6761: such names lead to loopback, and never to a name server
    with suppress(ValueError):
        return ip_address(name).is_loopback
    return False


def too_large(most: int) -> NotLetIn:
    """Of a body with more bytes than that."""
    return NotLetIn(413, f"the body is larger than {most} bytes")


def too_slow(seconds: float) -> NotLetIn:
    """Of a body that is still under way."""
    return NotLetIn(408, f"the body did not come in {seconds:.0f} s")
