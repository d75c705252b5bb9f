"""Somebody types `offhook doctor`.

About `offhook.command.doctor`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from offhook.command.main import main
from offhook.production.doctor.findings import SYMPTOMS
from tests.production.doctor.faults import FAULTS
from tests.production.doctor.line import OURS, Line

Capture = pytest.CaptureFixture[str]


def test_a_line_that_rings(line: Line, capsys: Capture) -> None:
    assert main(["doctor", OURS]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Account 123456789012, us-east-1, as arn:aws:sts::")
    assert "export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1\n" in printed
    assigned = f"Assigned to SipRuleId {line.rule.sip_rule_id}"
    assert f"fine    number {OURS}: SipMediaApplicationDialIn, {assigned}\n" in printed
    assert printed.endswith("\n0 wrong, 0 not seen.\n")


def test_what_is_wrong_comes_with_what_to_type(line: Line, capsys: Capture) -> None:
    line.rule.disabled = True
    assert main(["doctor", OURS]) == 1
    printed = capsys.readouterr().out
    told = printed[printed.index("WRONG") :].splitlines()
    assert told[0].endswith("it is disabled: callers hear busy")
    assert told[1].strip() == (
        f"aws chime-sdk-voice update-sip-rule --sip-rule-id {line.rule.sip_rule_id} "
        f"--name '{line.rule.name}' --no-disabled --target-applications "
        f"SipMediaApplicationId={line.application},Priority=1,AwsRegion=us-east-1"
    )


def test_the_likeliest_is_said_first(line: Line, capsys: Capture) -> None:
    line.counts("AWS/Lambda", "Throttles", 7, {"FunctionName": "calls"})
    line.rule.disabled = True
    assert main(["doctor", OURS, "--symptom", "always-busy"]) == 1
    printed = capsys.readouterr().out
    first, way = printed.split("The way of a call:")
    assert first.index("it is disabled") < first.index("7 invocations were throttled")
    assert printed.count("--no-disabled") == 1
    assert "it is disabled" in way
    main(["doctor", OURS, "--symptom", "silence"])
    assert "Nothing that was seen explains silence." in capsys.readouterr().out


def test_all_of_it_as_json(line: Line, capsys: Capture) -> None:
    line("s3").delete_bucket_policy(Bucket="line-prompts")
    assert main(["doctor", OURS, "--symptom", "silence", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["account"], said["region"]) == ("123456789012", "us-east-1")
    assert [one["fault"] for one in said["likeliest"]] == ["prompts-policy"]
    (wrong,) = (one for one in said["links"] if one["state"] == "wrong")
    assert wrong["symptoms"] == ["silence"]
    assert wrong["change"][0].startswith("aws s3api put-bucket-policy --bucket line-prompts")


def test_what_may_not_be_seen_is_listed_at_the_end(line: Line, capsys: Capture) -> None:
    line.recorded.denied.add("ListServiceQuotas")
    assert main(["doctor", OURS]) == 0
    assert "To see the rest: servicequotas:ListServiceQuotas" in capsys.readouterr().out


def test_its_permissions_are_printed_without_an_account(capsys: Capture) -> None:
    assert main(["doctor", "--policy"]) == 0
    (statement,) = json.loads(capsys.readouterr().out)["Statement"]
    assert "chime:GetPhoneNumber" in statement["Action"]
    names = [action.partition(":")[2] for action in statement["Action"]]
    assert all(name.startswith(("Get", "List", "Describe", "Filter")) for name in names)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "which line? Write a number"),
        (["offhook-prod"], "there is no stack offhook-prod in us-east-1"),
        ([OURS, "--profile", "nobody"], "nobody"),
    ],
)
def test_a_mistake_is_one_line(
    line: Line, capsys: Capture, arguments: list[str], says: str
) -> None:
    assert main(["doctor", *arguments]) == 2
    complained = capsys.readouterr().err
    assert says in complained
    assert len(complained.splitlines()) == 1


def test_without_boto3_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "boto3.py").write_text("raise ModuleNotFoundError(name='boto3')")
    done = subprocess.run(
        [sys.executable, "-m", "offhook.command.main", "doctor", OURS],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert (
        'the doctor needs boto3: pip install "offhook[trigger]", or `make .venv/.serve` here'
        in done.stderr
    )
    assert len(done.stderr.splitlines()) == 1


def test_what_explains_a_symptom_is_found_by_somebody() -> None:
    named = {name for names in SYMPTOMS.values() for name in names}
    assert named - {fault.name for fault in FAULTS} <= {"no-trigger"}
