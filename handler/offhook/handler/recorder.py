"""What calls are told and answered, as nobody's: lines that `offhook logs import` reads."""

import hmac
import json
import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from time import perf_counter
from typing import Any
from zlib import crc32

from offhook.handler import log, masking, reply
from offhook.handler.events import Event
from offhook.handler.fallbacks import Answer, Reply

STAYS = rf'{masking.ID}|"[a-z]\w*":|"(?:Direction|Status|\w*Type|\w*Milliseconds)": "\w*"'


def record(
    key: str, share: float = 1, ours: Collection[str] = (), write: Callable[[str], object] = print
) -> Callable[[Event, Answer], Reply]:
    """A hook for `router.around()`, off without a `key`, by which each caller is one pseudonym. Of
    a `share` of calls, lines to 60 KB, none after one that took 0.1 s; attributes `ours` stay."""
    took = 0.0 if key else 1.0

    def other(found: re.Match[str]) -> str:
        its = found[2] or ""
        mark = hmac.new(key.encode(), re.sub("[ ,.+-]", "", its.lower()).encode(), "sha256")
        left = [*f"{int(mark.hexdigest(), 16)}"]
        number = f"{'+' * its.startswith('+')}155501{''.join(left[:8])}"
        word = (
            re.sub(r"\d", lambda _: left.pop(), its)
            if its[:1].isdigit()
            else "n" + "".join(left[:6])
        )
        return found[1] or (number if re.fullmatch(masking.NUMBER, its) else word)

    def hook(event: Event, answer: Answer) -> Reply:
        nonlocal took
        told: dict[str, Any] = {
            "at": f"{datetime.now(UTC)}",
            "event": event.raw,
            "answer": "failed",
        }
        try:
            told["reply"] = given = answer(event)
            return given
        finally:
            began = perf_counter()
            if took < 0.1 and crc32(event.transaction_id.encode()) < share * 2**32:
                with log.unfailing():
                    if "reply" in told:
                        told |= {"answer": "replied", "reply": reply.envelope(told["reply"], event)}
                    its = {"transaction": event.transaction_id, "exchanges": [told]}
                    text = json.dumps({"format": 1, "is_pseudonymised": True, **its})
                    secrets = "|".join([*masking.of_callers(event, ours), masking.NUMBER])
                    line = re.sub(rf"(?i)({STAYS})|(?<![\w.])({secrets})(?!\w)", other, text)
                    if len(line) < 60_000:
                        write(line)
                took = perf_counter() - began

    return hook
