"""One DynamoDB item for each call that we start, so that no key is ever dialled twice.

Every change is a conditional write. Of all the executions that were asked for the same call,
however late or often, only the one whose `attempt` the item holds goes from `reserved` to
`dialling`, and only from there is the request sent. A reservation runs out, and then another may
take it over; `dialling` never does, because from then on the request may have been sent. States
only go forward: a late writer never takes back what the call itself has told.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from offhook.handler.calling.call_record import RANK, CallList, OurCall, Standing, call_of
from offhook.handler.calling.caps import TO, UP, Cap, Caps
from offhook.handler.calling.requests import CAME_IN, ListCalls
from offhook.handler.calling.table import (
    CONFLICTS,
    HONEST_SECONDS,
    Change,
    Item,
    Sleep,
    Table,
    Value,
    Write,
    is_recent,
    text,
)
from offhook.handler.errors import Busy, CallError, DialRefused, KeyTaken, NoSuchCall
from offhook.handler.masking import masked_numbers

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

LEASE_SECONDS: Final = 90
"""A reservation is another's to take after so long: more than an execution waits for its turn."""

SETTLE_SECONDS: Final = 60
"""The call itself tells that it was placed within seconds; after this, nobody waits for it."""

NO_BATCH: Final = "-"
"""The batch of calls that are of none."""

LONGEST_CALL_SECONDS: Final = 4 * 3600
"""A call of whose end nobody told no longer counts as up after so long."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """The right to dial, or to send a redirection, of one execution."""

    key: str
    id: str


class Ledger:
    """The calls in the table. Its methods raise botocore's exceptions where DynamoDB cannot be
    reached."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        *,
        keep_days: float = 30,
        now: Callable[[], float] = time.time,
        sleep: Sleep = time.sleep,
    ) -> None:
        """A key is remembered for `keep_days`: longer than any queue keeps its messages (14)."""
        self.now = now
        self.table = Table(client, table, now=now, sleep=sleep)
        self.caps = Caps(self.table)
        self.keep_seconds = keep_days * 86_400

    # What the trigger does.

    def reserve(
        self, key: str, fingerprint: str, application: str, batch: str | None = None
    ) -> Attempt | OurCall:
        """The right to dial; or the call, where the key has one. Raises `KeyTaken`, `Busy`."""
        now, attempt = self.now(), Attempt(key=key, id=uuid4().hex)
        listed: dict[str, Change] = {"batch": batch or NO_BATCH, "asked_at": ("FIRST", now)}
        is_mine, found = self.table.update(
            _pk(key),
            "attribute_not_exists(pk) OR #state = :refused OR "
            "(#state = :state AND NOT lease_until BETWEEN :now AND :latest)",
            {"refused": "refused", "now": now, "latest": now + LEASE_SECONDS + HONEST_SECONDS},
            **_at("reserved"),
            **listed,
            attempt=attempt.id,
            fingerprint=fingerprint,
            sip_media_application_id=application,
            lease_until=now + LEASE_SECONDS,
            expires_at=self._expiry(),
            **dict.fromkeys(("advice", "error", "is_cancelled", "waits_for", "waits_until")),
        )
        if is_mine or text(found, "attempt") == attempt.id:
            return attempt  # or DynamoDB took it, the answer was lost, and botocore asked again
        call, is_other = call_of(found), text(found, "fingerprint") not in (fingerprint, None)
        if call.state == "reserved" and not is_other:
            raise Busy(f"another execution is about to start {key}", retry_after_seconds=5)
        if batch and batch != call.batch:  # the report on this batch finds it by an item of its own
            listed |= {"error": "KeyTaken", "advice": "the key is of another list, or of none"}
            its, until = f"{_pk(key)}~{batch}", self._expiry()
            self.table.update(its, **_at("refused"), **listed, expires_at=until)
        if is_other:
            raise KeyTaken(
                f"the key {key} belongs to a call with other numbers, arguments or headers: "
                "a new call needs a key of its own"
            )
        return call

    def dial(self, attempt: Attempt, *, to: str, caps: Sequence[Cap], most_up: int) -> None:
        """From now on the request may be sent, once. Raises `Busy`, `DialRefused`.

        All at once or not at all: the call counts against its caps, it is one of at most
        `most_up`, and nobody has put `to` on the do-not-call list.
        """
        now, counted = self.now(), (_up(most_up), *caps)
        mine = "attempt = :mine AND #state = :reserved"
        given = {"mine": attempt.id, "reserved": "reserved"}
        right = self.table.change(_pk(attempt.key), mine, given, **_at("dialling"), dialled_at=now)
        changes = [right, *(self.caps.more(cap, attempt.key, now) for cap in counted)]
        for _ in range(CONFLICTS):
            failed = self.table.transact(changes, _stopped(to), _stopped())
            if not failed:
                return
            if 2 in failed:
                found = self.table.get(_pk(attempt.key))
                if (text(found, "attempt"), text(found, "state")) == (attempt.id, "dialling"):
                    return  # DynamoDB took it, the answer was lost, and botocore asked again
                raise Busy(f"another execution has taken over {attempt.key}", retry_after_seconds=5)
            if 0 in failed:
                raise DialRefused("the number is on the do-not-call list")
            if 1 in failed:
                raise Busy("all dialling is stopped, until `calls.go`", retry_after_seconds=300)
            cap = counted[failed[0] - 3]
            wait = self.caps.seconds_until_one_more(cap)
            if wait and cap.pk == UP:
                raise Busy(cap.says, retry_after_seconds=30)
            if wait:
                raise DialRefused(cap.says, retry_after_seconds=wait)
        raise Busy("too many calls are started at once", retry_after_seconds=5)

    def refuse(self, attempt: Attempt, error: CallError, caps: Sequence[Cap]) -> None:
        """Nothing was dialled, for sure: the key may be asked for again, unless it was cancelled.
        Where that is of use later, the call is waiting.

        What changes in between, as when another execution gives the call up, is looked at again.
        """
        for _ in range(CONFLICTS):
            found = self.table.get(_pk(attempt.key))
            may_go_back = text(found, "state") in ("reserved", "dialling", "unknown")
            if text(found, "attempt") != attempt.id or not may_go_back:
                return  # it was cancelled, or another has it, or the call has told of itself
            call = call_of(found)
            changes = [self._back(attempt, call, error)]
            if call.dialled_at is not None:
                changes += [
                    self.caps.less(cap, attempt.key, call.dialled_at.timestamp())
                    for cap in (_up(0), *caps)
                ]
            if not self.table.transact(changes):
                return

    def accept(self, key: str, transaction_id: str) -> OurCall:
        """The service has answered with the call's id."""
        self.table.update(_pk_of(transaction_id), key=key, expires_at=self._expiry())
        try:
            return self._forward(key, "accepted", transaction_id=transaction_id)
        except NoSuchCall:  # somebody emptied the table: the call is there all the same
            return OurCall(key=key, state="accepted", transaction_id=transaction_id)

    def is_off(self, key: str, to: str) -> bool:
        """Whether the call, `to` or all dialling was stopped since there is the right to dial."""
        return self.read(key).is_cancelled or any(map(self.table.get, (_stopped(to), _stopped())))

    def give_up(self, call: OurCall) -> OurCall:
        """The call; unknown, when nothing is expected any more to tell whether it was placed."""
        dialled_at = call.dialled_at.timestamp() if call.dialled_at else None
        if call.state != "dialling" or is_recent(dialled_at, self.now(), SETTLE_SECONDS):
            return call
        return self._forward(call.key, "unknown", "#state = :was", {"was": "dialling"})

    def read(self, key: str) -> OurCall:
        """What is known of a call. Raises `NoSuchCall`."""
        return _found(key, self.table.get(_pk(key)))

    def cancel(self, key: str) -> OurCall:
        """Never dial it; where it may have been dialled, note that it is to end.

        A key that nobody knows is noted too: its start may come. Of `in:...` it is `NoSuchCall`.
        """
        until, may_be_new = self._expiry(), "attribute_not_exists(pk) OR #rank < :rank"
        if key.startswith(CAME_IN):
            may_be_new = "#rank < :rank"
        while True:
            call = self._forward(key, "cancelled", may_be_new, is_cancelled=True, expires_at=until)
            if not call.may_be_up:
                return call
            call = self._forward(key, None, is_cancelled=True)
            if call.state not in ("reserved", "refused", "waiting"):
                return call  # else it was refused in between, and might be dialled again

    def listed(self, asked: ListCalls) -> CallList:
        """The calls of a batch, or of none, in the order in which they were first asked for."""
        batch = asked.batch or NO_BATCH
        begun, _, key = (asked.next or "").partition("@")
        after: Item = {"pk": {"S": _pk(key)}, "batch": {"S": batch}, "asked_at": {"N": begun}}
        items, last = self.table.page(
            batch,
            asked.since.timestamp() if asked.since else 0,
            asked.until.timestamp() if asked.until else self.now() + HONEST_SECONDS,
            asked.limit,
            after if begun else {},
        )
        calls = [call for call in map(call_of, items) if asked.state in (None, call.state)]
        more = f"{last['asked_at'].get('N')}@{last['pk'].get('S', '')[5:]}" if last else None
        return CallList(calls=calls, next=more)

    def live(self, number: str) -> CallList:
        """The calls with this number that are up: ours, and those of which `came_in` was told."""
        first, last = self.now() - LONGEST_CALL_SECONDS, self.now() + HONEST_SECONDS
        items, _ = self.table.page(f"live#{number}", first, last, 1000, {})
        for member, dialled_at in self.caps.members(f"{TO}{number}").items():
            if dialled_at > first:
                items.append(self.table.get(_pk(member.partition(" ")[2])))
        calls = [call_of(item) for item in items if item]
        return CallList(calls=[call for call in calls if call.may_be_up])

    def keep(self, transaction_id: str, said: str) -> None:
        """What came of the call, in the flow's own word. Of no call of the ledger's it is lost."""
        self._followed(transaction_id, None, said=said)

    def stop(self, number: str = "") -> None:
        """This number is never dialled; without one nothing is, what is asked for waits, and calls
        that are up go on."""
        self.table.update(_stopped(number), stopped_at=self.now())

    def go(self, number: str = "") -> None:
        """Dial again, after a `stop`, as far as the policy allows it."""
        self.table.delete(_stopped(number))

    # What the call itself tells.

    def confirm(self, key: str, transaction_id: str) -> OurCall:
        """NEW_OUTBOUND_CALL: the call was placed. Raises `NoSuchCall`.

        A call with another `transaction_id` is a second one for the key, and should be hung up.
        """
        self.table.update(_pk_of(transaction_id), key=key, expires_at=self._expiry())
        return self._forward(key, "confirmed", transaction_id=transaction_id)

    def answered(self, transaction_id: str) -> OurCall | None:
        """CALL_ANSWERED. `None` where the call is not one of the ledger's."""
        return self._followed(transaction_id, "answered", answered_at=self.now())

    def ended(self, transaction_id: str, sip_response_code: int | None) -> OurCall | None:
        """HANGUP of the leg that we called. `None` where the call is not one of the ledger's."""
        now, code = self.now(), sip_response_code
        call = self._followed(transaction_id, "ended", ended_at=now, sip_response_code=code)
        if call and call.transaction_id == transaction_id and call.dialled_at is not None:
            self.caps.leave(call.key, call.dialled_at.timestamp())
        return call

    def came_in(self, transaction_id: str, application: str, number: str) -> None:
        """NEW_INBOUND_CALL: until it has `left`, the call is found by the number of who called."""
        now, until = self.now(), round(self.now() + LONGEST_CALL_SECONDS)
        told = {"sip_media_application_id": application, "transaction_id": transaction_id}
        told["batch"], is_new = f"live#{number}", "attribute_not_exists(pk)"
        times = {"asked_at": now, "answered_at": now, "expires_at": until}
        self._forward(f"{CAME_IN}{transaction_id}", "answered", is_new, **told, **times)

    def left(self, transaction_id: str, sip_response_code: int | None) -> None:
        """HANGUP of the last leg of a call that came in: nobody's number is kept any more."""
        now, code = self.now(), sip_response_code
        key = f"{CAME_IN}{transaction_id}"
        self._forward(key, "ended", ended_at=now, sip_response_code=code, batch=None)

    def _followed(
        self, transaction_id: str, state: Standing | None, **told: Change
    ) -> OurCall | None:
        key = text(self.table.get(_pk_of(transaction_id)), "key")
        if key is None:
            return None
        return self._forward(key, state, transaction_id=transaction_id, **told)

    def _forward(
        self,
        key: str,
        state: Standing | None,
        condition: str = "attribute_exists(pk) AND #rank < :rank",
        given: Mapping[str, Value] = {},
        /,
        **told: Change,
    ) -> OurCall:
        """The call, changed where the condition holds, else as it is. Raises `NoSuchCall`.

        `None` leaves the state as it is. What belongs to another transaction changes nothing.
        """
        if state is None:
            condition = "attribute_exists(pk)"
        else:
            told |= _at(state)
        if "transaction_id" in told:
            condition += (
                " AND (attribute_not_exists(transaction_id) OR transaction_id = :transaction_id)"
            )
        _, found = self.table.update(_pk(key), condition, given, **told)
        return _found(key, found)

    def _back(self, attempt: Attempt, call: OurCall, error: CallError) -> Write:
        """From `call`, as it was read, to a key that was never dialled."""
        to: Standing = "cancelled" if call.is_cancelled else "refused"
        exists = "attribute_exists" if call.is_cancelled else "attribute_not_exists"
        said, wait = masked_numbers(str(error))[:500], error.retry_after_seconds
        return self.table.change(
            _pk(attempt.key),
            f"attempt = :mine AND #state = :was AND {exists}(is_cancelled)",
            {"mine": attempt.id, "was": call.state},
            **_at(to),
            error=type(error).__name__,
            advice=said if wait is None else None,
            waits_for=None if wait is None else said,
            waits_until=None if wait is None else self.now() + wait,
            waiting_since=None if wait is None else ("FIRST", self.now()),
            dialled_at=None,
        )

    def _expiry(self) -> int:
        return round(self.now() + self.keep_seconds)


def _pk(key: str) -> str:
    """Of a call's item."""
    return f"call#{key}"


def _at(state: Standing) -> dict[str, str | float]:
    return {"state": state, "rank": RANK[state]}


def _pk_of(transaction_id: str) -> str:
    """Of the item that leads from the service's id to ours."""
    return f"transaction#{transaction_id}"


def _stopped(number: str = "") -> str:
    """Of the item that is there while a number may not be dialled, or none may."""
    return f"do-not-call#{number}" if number else "stopped"


def _up(most: int) -> Cap:
    says = f"{most} calls are up, as many as may be (OFFHOOK_CALLS_UP)"
    return Cap(UP, most, says, LONGEST_CALL_SECONDS)


def _found(key: str, item: Item) -> OurCall:
    if not item:
        raise NoSuchCall(f"no call was started with the key {key}, or it is forgotten by now")
    return call_of(item)
