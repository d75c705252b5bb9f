"""Lists in pages: the token says after which item the next page begins."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from typing import TypeVar

from offhook.emulator.service.service_error import bad_request

T = TypeVar("T")

MOST = 100
"""Items of a page where the request does not say."""


def page(
    items: Iterable[T], key: Callable[[T], str], token: str | None, most: int | None = None
) -> tuple[list[T], str | None]:
    """The items of one page, in the order of their keys, and the token of the next.

    An item that goes or comes between two pages disturbs no other. Raises BadRequestException.
    """
    after = _read(token) if token else ""
    rest = sorted((item for item in items if key(item) > after), key=key)
    shown = rest[: most or MOST]
    return shown, _write(key(shown[-1])) if len(shown) < len(rest) else None


def _write(key: str) -> str:
    return base64.urlsafe_b64encode(json.dumps(["after", key]).encode()).decode()


def _read(token: str) -> str:
    try:
        said, key = json.loads(base64.urlsafe_b64decode(token.encode()))
        if said == "after" and isinstance(key, str):
            return key
    except (binascii.Error, TypeError, UnicodeError, ValueError, RecursionError):
        pass
    raise bad_request("NextToken is not one that this service gave out")
