"""One DynamoDB item for each call that we start, so that no key is ever dialled twice.

Every change is a conditional write. Of all the executions that were asked for the same call,
however late or often, only the one whose `attempt` the item holds goes from `reserved` to
`dialling`, and only from there is the request sent. A reservation runs out, and then another may
take it over; `dialling` never does, because from then on the request may have been sent. States
only go forward: a late writer never takes back what the call itself has told.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast
from uuid import uuid4

from offhook.handler.calling.call_record import (
    CONFLICTS,
    RANK,
    Item,
    OurCall,
    Standing,
    call_key,
    call_of,
    in_turn,
    number,
    old,
    pause,
    transaction_key,
)
from offhook.handler.calling.caps import Cap, Caps
from offhook.handler.calling.do_not_call import DoNotCall
from offhook.handler.errors import Busy, DialRefused, KeyTaken, NoSuchCall

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        TransactWriteItemTypeDef,
        UpdateItemInputTypeDef,
        UpdateItemOutputTypeDef,
    )

LEASE_SECONDS: Final = 90
"""A reservation is another's to take after so long: more than an execution waits for its turn."""

SETTLE_SECONDS: Final = 60
"""The call itself tells that it was placed within seconds; after this, nobody waits for it."""

MOMENTARY: Final = frozenset(
    {"ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"}
)
"""Why DynamoDB cancels a transaction that may go through later (api/API_TransactWriteItems)."""

LONGEST_CALL_SECONDS: Final = 4 * 3600
"""A call of whose end nobody told no longer counts as up after so long."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """The right to dial, of one execution."""

    key: str
    id: str


class Ledger:
    """The table. Its methods raise botocore's exceptions where DynamoDB cannot be reached."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        *,
        keep_days: float = 30,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """A key is remembered for `keep_days`: longer than any queue keeps its messages (14)."""
        self.client = client
        self.table = table
        self.now = now
        self.caps = Caps(client, table)
        self.do_not_call = DoNotCall(client, table)
        self.keep_seconds = keep_days * 86_400
        self._sleep = sleep

    # What the trigger does.

    def reserve(self, key: str, fingerprint: str, application: str) -> Attempt | OurCall:
        """The right to dial; or the call, where the key has one. Raises `KeyTaken`, `Busy`."""
        now, attempt = self.now(), Attempt(key=key, id=uuid4().hex)

        def put() -> None:
            self.client.put_item(
                TableName=self.table,
                Item={
                    **call_key(key),
                    "state": {"S": "reserved"},
                    "rank": {"N": str(RANK["reserved"])},
                    "attempt": {"S": attempt.id},
                    "fingerprint": {"S": fingerprint},
                    "sip_media_application_id": {"S": application},
                    "lease_until": number(now + LEASE_SECONDS),
                    "expires_at": self._expiry(),
                },
                ConditionExpression="attribute_not_exists(pk) OR #state = :refused "
                "OR (#state = :reserved AND lease_until < :now)",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={
                    ":refused": {"S": "refused"},
                    ":reserved": {"S": "reserved"},
                    ":now": number(now),
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )

        try:
            in_turn(put, self._sleep)
        except self.client.exceptions.ConditionalCheckFailedException as error:
            found = old(error)
        else:
            return attempt
        if found["attempt"].get("S") == attempt.id:
            return attempt  # DynamoDB took it, the answer was lost, and botocore asked again
        if found["fingerprint"].get("S") != fingerprint:
            raise KeyTaken(
                f"the key {key} belongs to a call with other numbers, arguments or headers: "
                "a new call needs a key of its own"
            )
        call = call_of(found)
        if call.state == "reserved":
            raise Busy(f"another execution is about to start {key}", retry_after_seconds=5)
        return call

    def dial(self, attempt: Attempt, *, to: str, caps: Sequence[Cap], most_up: int) -> None:
        """From now on the request may be sent, once. Raises `Busy`, `DialRefused`.

        All at once or not at all: the call counts against its caps, it is one of at most
        `most_up`, and nobody has put `to` on the do-not-call list.
        """
        now = self.now()
        right: TransactWriteItemTypeDef = {
            "Update": {
                "TableName": self.table,
                "Key": call_key(attempt.key),
                "UpdateExpression": "SET #state = :dialling, #rank = :rank, dialled_at = :now",
                "ConditionExpression": "attempt = :attempt AND #state = :reserved",
                "ExpressionAttributeNames": {"#state": "state", "#rank": "rank"},
                "ExpressionAttributeValues": {
                    ":dialling": {"S": "dialling"},
                    ":rank": {"N": str(RANK["dialling"])},
                    ":reserved": {"S": "reserved"},
                    ":attempt": {"S": attempt.id},
                    ":now": number(now),
                },
            }
        }
        changes = [
            right,
            self.do_not_call.lacks(to),
            self.caps.join(attempt.key, now, most_up),
            *(self.caps.count(cap, 1, now) for cap in caps),
        ]
        for tries in range(CONFLICTS):
            try:
                self.client.transact_write_items(TransactItems=changes)
                return
            except self.client.exceptions.TransactionCanceledException as error:
                failed = _failed(error)
            if 0 in failed:
                if self._has_the_right(attempt):
                    return  # DynamoDB took it, the answer was lost, and botocore asked again
                raise Busy(f"another execution has taken over {attempt.key}", retry_after_seconds=5)
            if 1 in failed:
                raise DialRefused("the number is on the do-not-call list")
            if 2 in failed:
                if self.caps.drop_older_than(now - LONGEST_CALL_SECONDS):
                    continue
                raise Busy(
                    f"{most_up} calls are up, as many as may be (OFFHOOK_CALLS_UP). One of whose "
                    "end the call function does not tell counts for "
                    f"{LONGEST_CALL_SECONDS // 3600} hours: see that the function has "
                    "OFFHOOK_LEDGER, and its router the hook `follow`",
                    retry_after_seconds=30,
                )
            if failed:
                tomorrow = 86_400 - now % 86_400
                raise DialRefused(caps[failed[0] - 3].says, retry_after_seconds=tomorrow)
            self._sleep(pause(tries))
        raise Busy("too many calls are started at once", retry_after_seconds=5)

    def refuse(self, attempt: Attempt, error: str, caps: Sequence[Cap]) -> None:
        """Nothing was dialled, for sure: the key may be asked for again, unless it was cancelled.

        What changes in between, as when another execution gives the call up, is looked at again.
        """
        for tries in range(CONFLICTS):
            found = self._item(attempt.key)
            was = found.get("state", {}).get("S", "")
            mine = found.get("attempt", {}).get("S") == attempt.id
            if not mine or was not in ("reserved", "dialling", "unknown"):
                return  # it was cancelled, or another has it, or the call has told of itself
            call = call_of(found)
            changes = [self._back(attempt, call, error)]
            if call.dialled_at is not None:
                changes.append({"Update": self.caps.leave(attempt.key, call.dialled_at)})
                changes += [self.caps.count(cap, -1, call.dialled_at) for cap in caps]
            try:
                self.client.transact_write_items(TransactItems=changes)
                return
            except self.client.exceptions.TransactionCanceledException as cancelled:
                _failed(cancelled)
            self._sleep(pause(tries))

    def accept(self, key: str, transaction_id: str) -> OurCall:
        """The service has answered with the call's id."""
        self._lead(transaction_id, key)
        told: Item = {"transaction_id": {"S": transaction_id}}
        try:
            return self._forward(key, "accepted", told)
        except NoSuchCall:  # somebody emptied the table: the call is there all the same
            return OurCall(key=key, state="accepted", transaction_id=transaction_id)

    def give_up(self, call: OurCall) -> OurCall:
        """Nothing is expected any more to tell whether the call was placed."""
        return self._forward(call.key, "unknown", {}, "#state = :dialling")

    def is_settling(self, call: OurCall) -> bool:
        """Whether the call itself may still tell that it was placed."""
        return self.now() < (call.dialled_at or 0) + SETTLE_SECONDS

    def read(self, key: str) -> OurCall:
        """What is known of a call. Raises `NoSuchCall`."""
        found = self._item(key)
        if not found:
            raise _no_such_call(key)
        return call_of(found)

    def cancel(self, key: str) -> OurCall:
        """Never dial it; where it may have been dialled, note that it is to end.

        Raises `NoSuchCall`.
        """
        told: Item = {"is_cancelled": {"BOOL": True}}
        while True:
            call = self._forward(key, "cancelled", told, "#state IN (:reserved, :refused)")
            if not call.may_be_up:
                return call
            call = self._forward(key, None, told)
            if call.state not in ("reserved", "refused"):
                return call  # else it was refused in between, and might be dialled again

    # What the call itself tells.

    def confirm(self, key: str, transaction_id: str) -> OurCall:
        """NEW_OUTBOUND_CALL: the call was placed. Raises `NoSuchCall`.

        A call with another `transaction_id` is a second one for the key, and should be hung up.
        """
        self._lead(transaction_id, key)
        return self._forward(key, "confirmed", {"transaction_id": {"S": transaction_id}})

    def answered(self, transaction_id: str) -> OurCall | None:
        """CALL_ANSWERED. `None` where the call is not one of the ledger's."""
        key = self._key_of(transaction_id)
        if key is None:
            return None
        told: Item = {"transaction_id": {"S": transaction_id}, "answered_at": number(self.now())}
        return self._forward(key, "answered", told)

    def ended(self, transaction_id: str, sip_response_code: int | None) -> OurCall | None:
        """HANGUP of the leg that we called. `None` where the call is not one of the ledger's."""
        key = self._key_of(transaction_id)
        if key is None:
            return None
        told: Item = {"transaction_id": {"S": transaction_id}, "ended_at": number(self.now())}
        if sip_response_code is not None:
            told["sip_response_code"] = {"N": str(sip_response_code)}
        call = self._forward(key, "ended", told)
        if call.transaction_id == transaction_id and call.dialled_at is not None:
            leave = self.caps.leave(key, call.dialled_at)
            self._update(cast("UpdateItemInputTypeDef", leave))
        return call

    def _forward(
        self, key: str, state: Standing | None, told: Item, condition: str = "#rank < :rank"
    ) -> OurCall:
        """The call, changed where the condition holds, else as it is. Raises `NoSuchCall`.

        `None` leaves the state as it is. What belongs to another transaction changes nothing.
        """
        values: Item = {f":{name}": value for name, value in told.items()}
        set_ = [f"{name} = :{name}" for name in told]
        conditions = ["attribute_exists(pk)"]
        names = {}
        if state is not None:
            names = {"#state": "state", "#rank": "rank"}
            values |= {":state": {"S": state}, ":rank": {"N": str(RANK[state])}}
            set_ += ["#state = :state", "#rank = :rank"]
            conditions.append(condition)
        if "transaction_id" in told:
            conditions.append(
                "(attribute_not_exists(transaction_id) OR transaction_id = :transaction_id)"
            )
        for known in ("reserved", "refused", "dialling"):
            if f":{known}" in condition:
                values[f":{known}"] = {"S": known}
        asked: UpdateItemInputTypeDef = {
            "TableName": self.table,
            "Key": call_key(key),
            "UpdateExpression": f"SET {', '.join(set_)}",
            "ConditionExpression": " AND ".join(conditions),
            "ExpressionAttributeValues": values,
            "ReturnValues": "ALL_NEW",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        if names:
            asked["ExpressionAttributeNames"] = names
        try:
            found = self._update(asked)["Attributes"]
        except self.client.exceptions.ConditionalCheckFailedException as error:
            found = old(error)
        if not found:
            raise _no_such_call(key)
        return call_of(found)

    def _back(self, attempt: Attempt, call: OurCall, error: str) -> "TransactWriteItemTypeDef":
        """From `call`, as it was read, to a key that was never dialled."""
        to: Standing = "cancelled" if call.is_cancelled else "refused"
        exists = "attribute_exists" if call.is_cancelled else "attribute_not_exists"
        return {
            "Update": {
                "TableName": self.table,
                "Key": call_key(attempt.key),
                "UpdateExpression": "SET #state = :to, #rank = :rank, #error = :error "
                "REMOVE dialled_at",
                "ConditionExpression": "attempt = :attempt AND #state = :was "
                f"AND {exists}(is_cancelled)",
                "ExpressionAttributeNames": {"#state": "state", "#rank": "rank", "#error": "error"},
                "ExpressionAttributeValues": {
                    ":to": {"S": to},
                    ":rank": {"N": str(RANK[to])},
                    ":error": {"S": error},
                    ":attempt": {"S": attempt.id},
                    ":was": {"S": call.state},
                },
            }
        }

    def _lead(self, transaction_id: str, key: str) -> None:
        """From the service's id to ours."""
        item: Item = {
            **transaction_key(transaction_id),
            "key": {"S": key},
            "expires_at": self._expiry(),
        }
        self.client.put_item(TableName=self.table, Item=item)

    def _key_of(self, transaction_id: str) -> str | None:
        found = self.client.get_item(
            TableName=self.table, Key=transaction_key(transaction_id), ConsistentRead=True
        )
        return found["Item"]["key"].get("S") if "Item" in found else None

    def _item(self, key: str) -> Item:
        found = self.client.get_item(TableName=self.table, Key=call_key(key), ConsistentRead=True)
        return found.get("Item", {})

    def _has_the_right(self, attempt: Attempt) -> bool:
        found = self._item(attempt.key)
        mine = found.get("attempt", {}).get("S") == attempt.id
        return mine and found["state"].get("S") == "dialling"

    def _update(self, asked: "UpdateItemInputTypeDef") -> "UpdateItemOutputTypeDef":
        return in_turn(lambda: self.client.update_item(**asked), self._sleep)

    def _expiry(self) -> "AttributeValueTypeDef":
        return number(round(self.now() + self.keep_seconds))


def _no_such_call(key: str) -> NoSuchCall:
    return NoSuchCall(f"no call was started with the key {key}, or it is forgotten by now")


def _failed(error: "ClientError") -> list[int]:
    """The places of the conditions that failed; none where others were in the way for a moment.

    Raises `error` where it is none of both.
    """
    response = cast("dict[str, list[dict[str, str]]]", cast("object", error.response))
    codes = [reason.get("Code", "None") for reason in response.get("CancellationReasons", [])]
    if not codes or set(codes) - MOMENTARY - {"None", "ConditionalCheckFailed"}:
        raise error
    return [place for place, code in enumerate(codes) if code == "ConditionalCheckFailed"]
