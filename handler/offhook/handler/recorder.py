"""What calls are told and answered, as nobody's: lines that `offhook logs import` reads."""

import hmac
import json
import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from time import perf_counter
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
        if not (its := found[2]):
            return found[0]
        mark = hmac.new(key.encode(), re.sub("[ ,.()+-]", "", its.lower()).encode(), "sha256")
        left = [*f"{int(mark.hexdigest(), 16)}"]
        number, name = (start + "".join(left[:8]) for start in ("155501", "n"))
        if re.fullmatch(masking.NUMBER, its):
            return f"+{number}" if its.startswith("+") else number
        keys = re.sub(r"\d", lambda _: left.pop(), its)
        return keys if its[0].isdigit() else name

    def hook(event: Event, answer: Answer) -> Reply:
        nonlocal took
        at, given, how = f"{datetime.now(UTC)}", None, "failed"
        try:
            given, how = answer(event), "replied"
            return given
        finally:
            began = perf_counter()
            if took < 0.1 and crc32(event.transaction_id.encode()) < share * 2**32:
                with log.unfailing():
                    said = reply.envelope(given, event) if how == "replied" else None
                    told = {"at": at, "event": event.raw, "answer": how, "reply": said}
                    its = {"transaction": event.transaction_id, "exchanges": [told]}
                    text = json.dumps({"format": 1, "is_pseudonymised": True, **its})
                    secrets = "|".join([*masking.of_callers(event, ours), masking.NUMBER])
                    line = re.sub(rf"(?i)({STAYS})|(?<![\w.])({secrets})(?!\w)", other, text)
                    if len(line) < 60_000:
                        write(line)
                took = perf_counter() - began

    return hook
