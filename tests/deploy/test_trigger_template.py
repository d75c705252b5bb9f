"""The trigger as it is deployed: closed, at the service's pace, and watched."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from inspect import signature
from pathlib import Path
from typing import cast

import pytest
from botocore.session import get_session

from offhook.command.serving.resources import LEDGER_SHAPE
from offhook.handler import DialPolicy, DialRefused
from offhook.handler.calling.dialler import Calls
from offhook.handler.calling.ledger import LEASE_SECONDS, SETTLE_SECONDS, Ledger
from offhook.handler.trigger import MARGIN_SECONDS, lambda_handler
from tests.deploy.rules import as_list, spelt, statements
from tests.deploy.shapes import Json, Resources
from tests.handler.calling.executions import Context

ROOT = Path(__file__).parents[2]
DAY = 86_400
HANDLER = ROOT / "handler/offhook/handler"
COUNT = "from offhook.handler import trigger; trigger._tell(0, 'start', 'Unknown', 'a try')"
TAKES = {
    "DialDestinations": ("US", "+4930", "US,+4930,DE"),
    "BridgeDestinations": ("US", "+1212", "US,+1212,+4930"),
    "DialFrom": ("+15550100102", "+15550100102,+15550100103"),
    "DialHours": ("09:00-18:30", "22:00-06:00"),
    "DialTimeZone": ("Europe/Berlin", "America/Argentina/Buenos_Aires", "UTC", "Etc/GMT+5"),
}
REFUSES = {
    "DialDestinations": ("us", "+", "1212", "US;DE", "US,", "*", "+1"),
    "BridgeDestinations": ("us", "1212", "+1", "*"),
    "DialFrom": ("15550100102", "US"),
    "DialHours": ("", "9-18", "24:00-06:00", "08:00"),
    "DialTimeZone": ("Europe/", "a b", "../etc/passwd"),
}


def properties(resources: Resources, name: str) -> dict[str, Json]:
    """What is said of a resource."""
    return cast("dict[str, Json]", resources[name]["Properties"])


def variables(resources: Resources, name: str = "TriggerFunction") -> dict[str, Json]:
    """The variables of a function."""
    environment = cast("dict[str, Json]", properties(resources, name)["Environment"])
    return cast("dict[str, Json]", environment["Variables"])


def by_default(resources: Resources, parameters: Resources, name: str) -> dict[str, str]:
    """The variables of a function whose values are the parameters' defaults."""
    references = {
        variable: cast("dict[str, str]", value).get("Ref", "")
        for variable, value in variables(resources, name).items()
        if isinstance(value, dict)
    }
    return {
        variable: str(parameters[parameter]["Default"])
        for variable, parameter in references.items()
        if parameter in parameters
    }


def queue(resources: Resources) -> dict[str, Json]:
    """How the function reads its queue."""
    events = cast("dict[str, dict[str, Json]]", properties(resources, "TriggerFunction")["Events"])
    return cast("dict[str, Json]", events["Requests"]["Properties"])


def test_it_is_built_and_started_like_the_call_function(resources: Resources) -> None:
    trigger, call = properties(resources, "TriggerFunction"), properties(resources, "CallFunction")
    for same in ("Runtime", "Architectures", "MemorySize", "SnapStart", "AutoPublishAlias"):
        assert trigger[same] == call[same]
    assert resources["TriggerFunction"]["Metadata"] == resources["CallFunction"]["Metadata"]
    assert trigger["Handler"] == "offhook.handler.trigger.lambda_handler"


def test_nobody_is_called_until_somebody_says_whom(
    resources: Resources, parameters: Resources
) -> None:
    defaults = by_default(resources, parameters, "TriggerFunction")
    policy = DialPolicy.from_environment(defaults)
    assert policy == DialPolicy()
    with pytest.raises(DialRefused, match="allows nobody"):
        policy.check(to="+15550100199", from_="+15550100102", now=datetime.now(UTC))


def test_keys_are_shared_until_somebody_says_otherwise(
    resources: Resources, parameters: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert by_default(resources, parameters, "TriggerFunction")["OFFHOOK_KEYS"] == "shared"
    monkeypatch.delenv("OFFHOOK_LEDGER", raising=False)
    asked = {"requestContext": {"http": {"method": "GET"}}, "rawPath": "/calls/a-1"}
    for said in (*cast("list[str]", parameters["Keys"]["AllowedValues"]), "mine"):
        monkeypatch.setenv("OFFHOOK_KEYS", said)
        is_refused = "OFFHOOK_KEYS" in str(lambda_handler(asked, Context())["body"])
        assert is_refused == (said == "mine")


def test_every_setting_of_the_policy_can_be_set(resources: Resources) -> None:
    # Denied ranges are not among them: opening one should take an edit that somebody reviews.
    assert {name for name in variables(resources) if name.startswith("OFFHOOK_DIAL_")} == {
        f"OFFHOOK_DIAL_{name}"
        for name in (
            *("DESTINATIONS", "FROM", "HOURS", "TIME_ZONE"),
            *("PER_CALLER", "PER_DAY", "PER_DESTINATION"),
        )
    }


def test_rates_and_quota_are_the_account_s_unless_raised(
    resources: Resources, parameters: Resources
) -> None:
    defaults = by_default(resources, parameters, "TriggerFunction")
    said = signature(Calls).parameters
    for variable, parameter in (
        ("OFFHOOK_CALLS_PER_SECOND", "calls_per_second"),
        ("OFFHOOK_UPDATES_PER_SECOND", "updates_per_second"),
        ("OFFHOOK_CALLS_UP", "calls_up"),
    ):
        assert float(defaults[variable]) == said[parameter].default


def test_callers_are_bridged_with_anybody_until_somebody_says_with_whom(
    resources: Resources, parameters: Resources
) -> None:
    assert by_default(resources, parameters, "CallFunction")["OFFHOOK_DIAL_DESTINATIONS"] == ""
    assert variables(resources, "CallFunction")["OFFHOOK_DIAL_DESTINATIONS"] == {
        "Ref": "BridgeDestinations"
    }


@pytest.mark.parametrize("name", sorted(TAKES))
def test_a_parameter_takes_what_the_policy_takes_and_nothing_odd(
    parameters: Resources, name: str
) -> None:
    allowed = re.compile(str(parameters[name]["AllowedPattern"]))
    assert allowed.search(str(parameters[name]["Default"]))
    assert [said for said in TAKES[name] if not allowed.search(said)] == []
    assert [said for said in REFUSES[name] if allowed.search(said)] == []


def test_the_trigger_may_do_what_its_code_asks_of_aws_and_no_more(resources: Resources) -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in HANDLER.rglob("*.py"))
    asked = {
        f"{prefix}:{operation}"
        for service, prefix in (
            ("chime-sdk-voice", "chime"),
            ("dynamodb", "dynamodb"),
            ("sqs", "sqs"),
        )
        for method, operation in operations(service).items()
        if f".{method}(" in code
    }
    # A transaction is allowed by what is in it.
    asked.remove("dynamodb:TransactWriteItems")
    members = [
        name for name in ("ConditionCheck", "Delete", "Put", "Update") if f'"{name}": ' in code
    ]
    asked |= {f"dynamodb:{name}Item" for name in members}
    asked -= {"dynamodb:DeleteItem"}  # `call_again` is for whoever keeps the do-not-call list
    lambda_asks = {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
    allowed = {
        action
        for who, statement in statements(resources)
        if who == "role TriggerRole"
        for action in as_list(statement["Action"])
        if not action.startswith(("logs:", "xray:"))
    }
    assert allowed == asked | lambda_asks


def operations(service: str) -> Mapping[str, str]:
    """The methods of a client, and the operations behind them."""
    client = get_session().create_client(service, region_name="us-east-1")
    return client.meta.method_to_api_mapping


def test_both_functions_keep_one_ledger(resources: Resources) -> None:
    assert spelt(variables(resources)["OFFHOOK_LEDGER"]) == "the line's Ledger"
    assert variables(resources, "CallFunction")["OFFHOOK_LEDGER"] == {"Ref": "Ledger"}
    ledger = properties(resources, "Ledger")
    for part, said in LEDGER_SHAPE.items():  # as at the desk
        assert ledger[part] == said
    assert ledger["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_what_it_takes_from_the_line_is_exported_there(
    templates: dict[str, dict[str, Resources]],
) -> None:
    outputs = templates["template.yaml"]["Outputs"].values()
    exported = {json.dumps(one["Export"]) for one in outputs if "Export" in one}
    taken = re.findall(r'"Fn::ImportValue": {"Fn::Sub": "\$\{Line\}-(\w+)"', json.dumps(templates))
    assert len(set(taken)) == len(exported) == 3
    for name in set(taken):
        assert json.dumps({"Name": {"Fn::Sub": f"${{AWS::StackName}}-{name}"}}) in exported


def test_a_batch_has_its_turns_within_the_patience_of_its_execution(
    resources: Resources, parameters: Resources
) -> None:
    timeout = cast("int", properties(resources, "TriggerFunction")["Timeout"])
    at_once = cast("int", parameters["QueueConcurrency"]["Default"])
    batch = cast("int", queue(resources)["BatchSize"])
    a_second = cast("int", parameters["CallsPerSecond"]["Default"])
    assert queue(resources)["ScalingConfig"] == {"MaximumConcurrency": {"Ref": "QueueConcurrency"}}
    assert parameters["QueueConcurrency"]["MinValue"] == 2  # Lambda takes no fewer
    assert batch * at_once / a_second < (timeout - MARGIN_SECONDS) / 2


def test_whoever_died_has_lost_its_reservation_when_the_message_comes_again(
    resources: Resources,
) -> None:
    timeout = cast("int", properties(resources, "TriggerFunction")["Timeout"])
    seen_again = cast("int", properties(resources, "RequestQueue")["VisibilityTimeout"])
    assert seen_again >= 6 * timeout
    assert timeout < LEASE_SECONDS < seen_again
    assert seen_again > SETTLE_SECONDS


def test_no_message_outlives_the_memory_of_the_ledger(resources: Resources) -> None:
    kept = cast("int", properties(resources, "RequestQueue")["MessageRetentionPeriod"])
    letters = cast("int", properties(resources, "DeadLetters")["MessageRetentionPeriod"])
    remembered = cast("float", signature(Ledger).parameters["keep_days"].default) * DAY
    assert kept + letters <= remembered  # so that what is moved back from there dials once only
    assert "OFFHOOK_LEDGER_DAYS" not in variables(resources)


def test_what_is_not_done_is_a_dead_letter_by_whichever_way_it_came(resources: Resources) -> None:
    assert queue(resources)["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert queue(resources)["Queue"] == {"Fn::GetAtt": ["RequestQueue", "Arn"]}
    assert variables(resources)["OFFHOOK_DEAD_LETTERS"] == {"Ref": "DeadLetters"}
    letters: Json = {"Fn::GetAtt": ["DeadLetters", "Arn"]}
    redrive = cast("dict[str, Json]", properties(resources, "RequestQueue")["RedrivePolicy"])
    assert redrive == {"deadLetterTargetArn": letters, "maxReceiveCount": 1000}
    unwaited = cast(
        "dict[str, dict[str, Json]]", properties(resources, "TriggerFunction")["EventInvokeConfig"]
    )
    assert unwaited["DestinationConfig"]["OnFailure"] == {"Type": "SQS", "Destination": letters}


def test_the_alarms_look_where_the_trigger_counts(resources: Resources) -> None:
    said = variables(resources)
    service = cast("dict[str, str]", said["POWERTOOLS_SERVICE_NAME"])
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", COUNT],
        env={
            **os.environ,
            "POWERTOOLS_METRICS_NAMESPACE": str(said["POWERTOOLS_METRICS_NAMESPACE"]),
            "POWERTOOLS_SERVICE_NAME": service["Fn::Sub"],
        },
        capture_output=True,
        text=True,
        check=True,
    )
    line = json.loads(ran.stdout)
    (emitted,) = line["_aws"]["CloudWatchMetrics"]
    (names,) = emitted["Dimensions"]
    unknown = properties(resources, "UnknownCallsAlarm")
    (metric,) = emitted["Metrics"]
    assert (unknown["Namespace"], unknown["MetricName"]) == (emitted["Namespace"], metric["Name"])
    assert plain(unknown["Dimensions"]) == {name: line[name] for name in names}
    failing = cast(
        "list[dict[str, Json]]", properties(resources, "FailingRequestsAlarm")["Metrics"]
    )
    watched = [
        plain(cast("dict[str, dict[str, Json]]", each["MetricStat"])["Metric"]["Dimensions"])
        for each in failing
        if "MetricStat" in each
    ]
    for dimensions, operation in zip(
        watched, ("start", "redirect", "cancel", "outcome", "unreadable", "bury"), strict=True
    ):
        assert dimensions == {
            "operation": operation,
            "result": "Failed",
            "service": service["Fn::Sub"],
        }


def test_the_dashboard_shows_every_alarm(resources: Resources) -> None:
    shown = {
        arn
        for name in ("Dashboard", "CallsOutDashboard")
        for dashboard in [cast("dict[str, dict[str, str]]", properties(resources, name))]
        for widget in json.loads(dashboard["DashboardBody"]["Fn::Sub"])["widgets"]
        for arn in widget["properties"].get("alarms", ())
    }
    alarms = {name for name, each in resources.items() if each["Type"] == "AWS::CloudWatch::Alarm"}
    assert shown == {f"${{{name}.Arn}}" for name in alarms}


def plain(dimensions: Json) -> dict[str, str]:
    """A metric's dimensions by name, a `!Sub` as its text."""
    found: dict[str, str] = {}
    for each in cast("list[dict[str, Json]]", dimensions):
        value = each["Value"]
        found[str(each["Name"])] = str(value["Fn::Sub"] if isinstance(value, dict) else value)
    return found
