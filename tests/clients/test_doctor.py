"""What the doctor says to type is typed, with the AWS CLI, and mends what it was said for.

About `offhook.production.doctor.*`.
"""

import os
import subprocess
from pathlib import Path

import pytest

from offhook.production.doctor.account import Account
from offhook.production.doctor.examine import examine
from offhook.production.doctor.findings import Finding
from tests.clients.conftest import CLIENTS
from tests.production.doctor.conftest import account, built, line
from tests.production.doctor.faults import Fault, rounds
from tests.production.doctor.line import OURS, Line
from tests.sampled import sampled

__all__ = ["account", "built", "line"]

ELSEWHERE = {
    "function-throttles",  # goes with time
    *("prompts-region", "recordings-region"),  # when the template names the other bucket
    "number-product",  # here it has a rule as well, which no number of that type can have
    "queue-visibility",  # the CLI asks AWS's own queue, wherever AWS_ENDPOINT_URL leads
}
"""What is not mended by what is to be typed, here or yet."""
LOOKS = ("describe-", "get-", "list-", "receive-", "search-", "tail")
"""How operations begin that change nothing."""


def mends(found: Finding) -> bool:
    """Whether all that is said to be typed is the AWS CLI's, and some of it changes something."""
    words = [command.split() for command in found.change]
    is_aws = all(each[0] == "aws" for each in words)
    return is_aws and not all(each[2].startswith(LOOKS) for each in words)


@pytest.mark.parametrize(
    "faults",
    sampled([(faults,) for faults in rounds()], 3),
    ids=lambda faults: ", ".join(map(str, faults)),
)
def test_what_is_said_to_be_typed_mends_it(
    line: Line, account: Account, faults: tuple[Fault, ...], tmp_path: Path
) -> None:
    for fault in faults:
        fault.breaks(line)
    found = [one for one in examine(account, OURS) if one.state == "wrong"]
    wrong = [one for one in found if mends(one) and one.fault not in ELSEWHERE]
    path = f"{CLIENTS / 'bin'}{os.pathsep}{os.environ['PATH']}"
    for command in dict.fromkeys(command for one in wrong for command in one.change):
        subprocess.run(
            ["bash", "-c", command],
            check=True,
            cwd=tmp_path,
            env={**os.environ, **account.environment, "PATH": path, "AWS_PAGER": ""},
            stdout=subprocess.DEVNULL,
        )
    left = {one.fault for one in examine(account, OURS) if one.state == "wrong"}
    assert left & {one.fault for one in wrong} == set()
