"""Calls put together of what was found: by TransactionId and Sequence, deliveries apart."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

from offhook.production.log_texts import known
from offhook.production.logs.found import ID
from offhook.production.logs.recorded import Exchange, RecordedCall, Said
from offhook.production.logs.store import Store, Told

AGAIN_AFTER: Final = 4_000
"""Milliseconds after which an event that is logged once more was delivered once more, where no
request says so: the service waits 5 s for the first reply."""


class Joined:
    """The calls of a store, as they were."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.unexplained = 0
        """Texts of the service that belong to no call which was found."""
        self._said: dict[str, list[Said]] = {}
        for at, line in store.said():
            names = re.findall(ID, line, re.IGNORECASE)
            of = next((call for name in names if (call := store.call_of(name))), "")
            self.unexplained += not of
            if of:
                self._said.setdefault(of, []).extend(
                    Said(at=moment(at), text=text) for text in known(line)
                )

    def calls(self) -> Iterator[RecordedCall]:
        """One by one, the earliest first."""
        for transaction, told in self._store.calls():
            exchanges = [
                _exchange([*deliveries])
                for _, deliveries in groupby(told, key=lambda one: one.sequence)
            ]
            said = list(dict.fromkeys(self._said.get(transaction, ())))
            yield RecordedCall(
                transaction=transaction,
                is_pseudonymised=False,
                lacks=[*_lacks(exchanges, said)],
                exchanges=exchanges,
                service=said,
            )


def _exchange(told: Sequence[Told]) -> Exchange:
    """Of all deliveries of one event: what was answered first."""
    apart = [*_apart(told)]
    first = apart[0]
    replied = [one for one in apart if one.reply is not None]
    replied.sort(key=lambda one: (one.ends is None, one.ends))
    failed = next((one for one in apart if one.failed is not None), None)
    its = replied[0] if replied else failed
    seconds = its.seconds if its is not None else first.seconds
    return Exchange.model_construct(
        at=moment(first.at),
        event=json.loads(first.event),
        answer="replied" if replied else "failed" if failed else "unseen",
        reply=json.loads(replied[0].reply or "null") if replied else None,
        error=str(failed.failed) if failed and not replied else "",
        seconds=None if seconds is None else round(seconds, 6),
        deliveries=len(apart),
    )


def _apart(told: Sequence[Told]) -> Iterator[Told]:
    """Deliveries, each once: lines may be there twice, and a handler may log its event twice."""
    kept: list[Told] = []
    for one in told:
        for place, other in enumerate(kept):
            if _is_same(one, other):
                kept[place] = other._replace(
                    request=other.request or one.request,
                    reply=other.reply if other.reply is not None else one.reply,
                    failed=other.failed if other.failed is not None else one.failed,
                    seconds=other.seconds if other.seconds is not None else one.seconds,
                    ends=other.ends if other.ends is not None else one.ends,
                )
                break
        else:
            kept.append(one)
    yield from kept


def _is_same(one: Told, other: Told) -> bool:
    if one.request and other.request:
        return one.request == other.request
    return one.at is None or other.at is None or abs(one.at - other.at) < AGAIN_AFTER


def _lacks(exchanges: Sequence[Exchange], said: Sequence[Said]) -> Iterator[str]:
    number = 0
    for each in exchanges:
        for missing in range(number + 1, each.sequence):
            yield f"Sequence {missing}"
        number = each.sequence
        if each.answer == "unseen" and not each.told.ignores_actions:
            yield f"the reply to {number}"
    if not said and not _is_the_end(exchanges[-1]):
        yield "the end"


def _is_the_end(last: Exchange) -> bool:
    """Whether nobody is there any more, or the service had nothing to go on with."""
    legs = last.told.participants
    return last.answer == "failed" or all(leg.status == "Disconnected" for leg in legs)


def moment(at: int | None) -> datetime | None:
    """Of milliseconds since 1970."""
    return None if at is None else datetime.fromtimestamp(at / 1000, UTC)
