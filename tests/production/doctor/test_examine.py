"""The doctor looks at a line on which every link is broken, in every way.

About `offhook.production.doctor.*`: what it finds is what was broken, and nothing else.
"""

import re
import shlex
import tomllib
from functools import cache
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.session import get_session

from offhook.production.doctor.account import Account
from offhook.production.doctor.examine import examine
from offhook.production.doctor.findings import Finding
from tests.production.doctor.faults import FAULTS, Fault, rounds
from tests.production.doctor.line import OURS, Line
from tests.sampled import sampled

ROOT = Path(__file__).parents[3]


def wrong(found: list[Finding]) -> list[tuple[str, str]]:
    """The link and the fault of each."""
    return sorted((one.link, one.fault) for one in found if one.state == "wrong")


def test_a_line_that_rings_is_fine(line: Line, account: Account) -> None:
    found = examine(account, OURS)
    assert [one for one in found if one.state != "fine"] == []
    assert [one.link for one in found] == [
        *("number", "rule", "application", "function", "function log", "prompts", "recordings"),
        *("deliveries", "message log", "quotas", "trigger", "dial policy", "ledger", "queue"),
    ]


@pytest.mark.parametrize(
    "faults",
    sampled([(faults,) for faults in rounds()], 4),
    ids=lambda faults: ", ".join(map(str, faults)),
)
def test_what_is_broken_is_found_and_nothing_else(
    line: Line, account: Account, faults: tuple[Fault, ...]
) -> None:
    for fault in faults:
        fault.breaks(line)
    found = examine(account, OURS)
    assert wrong(found) == sorted((fault.link, fault.name) for fault in faults)
    for fault in faults:
        (said,) = (one for one in found if (one.link, one.fault) == (fault.link, fault.name))
        assert fault.says in said.says
        assert [change for change in said.change if not is_of_a_stack(change)] == []
        assert [why for change in said.change if (why := is_not_of_aws(change))] == []
    assert [one for one in found if one.state == "unseen"] == []


def is_of_a_stack(command: str) -> bool:
    """Whether what SAM is to do is in samconfig.toml, with parameters that the template has."""
    if not command.startswith("sam "):
        return True
    name = command.partition("--config-env ")[2].partition(" ")[0] or "default"
    config = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))[name]
    template = ROOT / config["build"]["parameters"].get("template", "template.yaml")
    parameters = template.read_text(encoding="utf-8").partition("\nConditions:")[0]
    said = command.partition("--parameter-overrides ")[2].split()
    return all(f"\n  {each.partition('=')[0]}:" in parameters for each in said)


operations = cache(get_session)


def is_not_of_aws(command: str) -> str:
    """What of a command is neither an operation, nor one of its parameters; what it lacks."""
    words = shlex.split(re.sub(r"\$\(.*\)", "it", command))
    if words[0] != "aws" or words[1:3] == ["logs", "tail"] or words[1] == "s3":
        return ""
    service, operation = {"s3api": "s3"}.get(words[1], words[1]), words[2]
    if operation == "wait":
        waiters = operations().get_waiter_model(service).waiter_names
        return "" if words[3] in [xform_name(name, "-") for name in waiters] else words[3]
    model = operations().get_service_model(service)
    named = {xform_name(name, "-"): name for name in model.operation_names}.get(operation)
    if not named or not (shape := model.operation_model(named).input_shape):
        return operation
    known = {xform_name(name, "-") for name in shape.members}
    said = {word[2:].removeprefix("no-") for word in words if word.startswith("--")}
    lacks = [name for name in shape.required_members if xform_name(name, "-") not in said]
    return ", ".join([*lacks, *sorted(said - {*known, "region", "query", "output"})])


def test_there_are_as_many_faults_as_links_can_have() -> None:
    assert len(FAULTS) >= 30
