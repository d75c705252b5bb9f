"""The tables: the ledger of calls, and the one of deliveries."""

from typing import Final

from offhook.production.doctor.account import Answer, part, parts
from offhook.production.doctor.functions import redeploy, variables
from offhook.production.doctor.link import Link, Report
from offhook.production.doctor.roles import look_at_role

LEDGER: Final = "OFFHOOK_LEDGER"
DELIVERIES: Final = "OFFHOOK_DELIVERIES"
"""The variables of functions that name them."""

EXPIRES: Final = {"ledger": "expires_at", "deliveries": "expiration"}
"""The attributes of their TTL."""
BATCH: Final = (
    " AttributeName=batch,AttributeType=S AttributeName=asked_at,AttributeType=N "
    "--global-secondary-indexes 'IndexName=batch,Projection={ProjectionType=ALL},"
    "KeySchema=[{AttributeName=batch,KeyType=HASH},{AttributeName=asked_at,KeyType=RANGE}]'"
)
"""The index of the ledger, of which lists of calls are asked."""

OF_A_CALL: Final = ("GetItem", "UpdateItem")
OF_A_START: Final = ("ConditionCheckItem", *OF_A_CALL)
OF_A_DELIVERY: Final = ("DeleteItem", "GetItem", "PutItem", "UpdateItem")
"""What is done to items, in DynamoDB's words: by who answers, by the trigger, by `@once`."""


def arn_of(link: Link, table: str) -> str:
    """Of a table in the account."""
    account = link.account
    return f"arn:{account.partition}:dynamodb:{link.region}:{account.id}:table/{table}"


def operations(*names: str) -> list[str]:
    """As IAM calls them."""
    return [f"dynamodb:{name}" for name in names]


def look_at_ledger(report: Report, table: str, region: str, caller: Answer) -> None:
    """Whether the trigger can remember calls in it, and `caller`, the function that answers, can
    tell it of them."""
    callers = variables(caller).get(LEDGER, "")
    with report.link("ledger", table, region) as link:
        shown = _look_at_table(link, table, "ledger", "pk", "the trigger refuses all calls", BATCH)
        if not shown:
            return
        indexes = {one["IndexName"]: one for one in parts(shown, "GlobalSecondaryIndexes")}
        keys = [str(one["AttributeName"]) for one in parts(indexes.get("batch"), "KeySchema")]
        if keys != ["batch", "asked_at"]:
            link.wrong(
                "ledger-index",
                "it has no index batch, of batch and asked_at"
                f"{f', but of {keys}' if keys else ''}: no list of calls can be asked for",
                *redeploy(calls_out=False),
            )
        if caller and callers != table:
            link.wrong(
                "ledger-apart",
                f"the function that answers has {callers or 'none'} in {LEDGER}: what becomes of "
                "calls is not told here, and calls up are counted too long",
                *redeploy("Line=STACK"),
            )
        elif caller:
            its, do = arn_of(link, table), operations(*OF_A_CALL)
            look_at_role(link, "ledger-role", caller, "ledger", do, its)
        _look_at_expiry(link, table, "ledger", "with the numbers in it")
        if _key(shown) == [("pk", "HASH", "S")]:
            _look_at_stop(link, table)
        link.fine("the trigger can remember calls")


def look_at_deliveries(report: Report, function: Answer, region: str) -> None:
    """Whether what is marked `@once` can happen at all."""
    if not (table := variables(function).get(DELIVERIES)):
        return
    with report.link("deliveries", table, region) as link:
        lost = "each flow that is marked @once fails"
        if _look_at_table(link, table, "deliveries", "id", lost):
            its, do = arn_of(link, table), operations(*OF_A_DELIVERY)
            look_at_role(link, "deliveries-role", function, "deliveries", do, its)
            _look_at_expiry(link, table, "deliveries", "with what flows answered")
            link.fine("what is marked @once happens once")


def _look_at_table(
    link: Link, table: str, what: str, key: str, lost: str, more: str = ""
) -> Answer:
    """It, where it is there; whether its key is the string that it is to be. `more` is what else
    makes it."""
    found = link.ask("dynamodb", "DescribeTable", TableName=table)
    if found is None:
        return {}
    if not found:
        link.wrong(
            f"{what}-missing",
            f"there is no such table: {lost}",
            f"aws dynamodb create-table --table-name {table} --billing-mode PAY_PER_REQUEST "
            f"--key-schema AttributeName={key},KeyType=HASH "
            f"--attribute-definitions AttributeName={key},AttributeType=S{more}",
            f"aws dynamodb wait table-exists --table-name {table}",
            _expiring(table, what),
        )
        return {}
    shown: Answer = found["Table"]
    if _key(shown) != [(key, "HASH", "S")]:
        its = ", ".join(f"{name} ({role})" for name, role, _ in _key(shown))
        link.wrong(
            f"{what}-key",
            f"its key is {its}; it is to be the string {key} alone: let another table be made",
            *redeploy(calls_out=False),
        )
    return shown


def _key(shown: Answer) -> list[tuple[str, str, str]]:
    kinds = {one["AttributeName"]: one["AttributeType"] for one in shown["AttributeDefinitions"]}
    return [
        (one["AttributeName"], one["KeyType"], kinds.get(one["AttributeName"], ""))
        for one in parts(shown, "KeySchema")
    ]


def _expiring(table: str, what: str) -> str:
    return (
        f"aws dynamodb update-time-to-live --table-name {table} "
        f"--time-to-live-specification Enabled=true,AttributeName={EXPIRES[what]}"
    )


def _look_at_expiry(link: Link, table: str, what: str, grows: str) -> None:
    attribute = EXPIRES[what]
    lives = link.ask("dynamodb", "DescribeTimeToLive", TableName=table)
    ttl = part(lives, "TimeToLiveDescription")
    is_on = ttl.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
    if lives is not None and not (is_on and ttl.get("AttributeName") == attribute):
        link.wrong(
            f"{what}-ttl",
            f"nothing in it expires (TTL of {attribute}): it grows, {grows}",
            _expiring(table, what),
        )


def _look_at_stop(link: Link, table: str) -> None:
    stopped = link.ask("dynamodb", "GetItem", TableName=table, Key={"pk": {"S": "stopped"}})
    if stopped and stopped.get("Item"):
        link.wrong(
            "dialling-stopped",
            "all dialling is stopped, and what is asked for waits, until somebody says go",
            f"offhook calls go --ledger {table}",
        )
