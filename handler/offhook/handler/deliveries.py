"""An effect of a flow happens once, also where the service asks twice, as it does after 5 s.

    @router.action_successful(BOOK)
    @once
    def booked(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply: ...

By Powertools' idempotency, in the DynamoDB table that `OFFHOOK_DELIVERIES` names.
"""

import logging
import os
import time
from collections.abc import Callable
from functools import cache, partial, wraps
from types import SimpleNamespace
from typing import Any, Final, TypeVar

from offhook.actions.response import Response
from offhook.handler import log
from offhook.handler.events import Event
from offhook.handler.fallbacks import Reply
from offhook.handler.reply import envelope

E = TypeVar("E", bound=Event)

WAIT_SECONDS: Final = 15
"""How long a second delivery waits for the first: 20 s after that nobody listens."""

KEPT_SECONDS: Final = 3600


def once(function: Callable[[E], Reply]) -> Callable[[E], Reply]:
    """For each delivery the function runs once; who comes again waits, and gets the same reply.

    One that raises may be asked again. One that was stopped may have had its effect: it is not.
    """

    @wraps(function)
    def replied(event: E) -> Reply:
        store = table_for(function)
        if store is None or not (event.transaction_id and event.sequence):
            return function(event)
        return _replied(function, event, store)

    return replied


def _replied(function: Callable[[E], Reply], event: E, store: Any) -> Reply:
    from aws_lambda_powertools.utilities.idempotency import IdempotencyConfig, base, exceptions
    from aws_lambda_powertools.utilities.idempotency.serialization import custom_dict

    # No Lambda context, after whose end Powertools would try again what was stopped: a time that is
    # long enough, and of each request its own, also of two that start from one snapshot.
    context: Any = SimpleNamespace(
        get_remaining_time_in_millis=lambda: KEPT_SECONDS * 1000 + int.from_bytes(os.urandom(4))
    )
    settings = IdempotencyConfig(expires_after_seconds=KEPT_SECONDS, lambda_context=context)
    wire = custom_dict.CustomDictSerializer(partial(envelope, event=event), Response.from_wire)
    key, given = list(event.delivery), (event,)
    delivery = base.IdempotencyHandler(function, key, settings, store, wire, None, given, {})
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            reply: Reply = delivery.handle()
            return reply
        except exceptions.IdempotencyAlreadyInProgressError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.25)


@cache
def table_for(function: Callable[..., object]) -> Any:
    """The table, as Powertools has it: for each function, because that is part of the key."""
    table = os.environ.get("OFFHOOK_DELIVERIES")
    if not table:
        level = logging.WARNING if "AWS_LAMBDA_FUNCTION_NAME" in os.environ else logging.INFO
        name = getattr(function, "__qualname__", "a function")
        log.logger.log(level, "OFFHOOK_DELIVERIES names no table: %s may happen twice", name)
        return None
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, exceptions
    from botocore.config import Config

    class Table(DynamoDBPersistenceLayer):
        def _put_record(self, data_record: Any) -> None:
            try:
                super()._put_record(data_record)
            except exceptions.IdempotencyItemAlreadyExistsError as error:
                until = data_record.in_progress_expiry_timestamp
                if getattr(error.old_data_record, "in_progress_expiry_timestamp", None) != until:
                    raise
                # DynamoDB took it, the answer was lost, and botocore asked again.

    patience = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 3})
    return Table(table, boto_config=patience)
