"""The doctor looks at a line on which every link is broken, in every way.

About `offhook.production.doctor.*`: what it finds is what was broken, and nothing else.
"""

import pytest

from offhook.production.doctor.account import Account
from offhook.production.doctor.examine import examine
from offhook.production.doctor.findings import Finding
from tests.production.doctor.faults import FAULTS, Fault, rounds
from tests.production.doctor.line import OURS, Line


def wrong(found: list[Finding]) -> list[tuple[str, str]]:
    """The link and the fault of each."""
    return sorted((one.link, one.fault) for one in found if one.state == "wrong")


def test_a_line_that_rings_is_fine(line: Line, account: Account) -> None:
    found = examine(account, OURS)
    assert [one for one in found if one.state != "fine"] == []
    assert [one.link for one in found] == [
        *("number", "rule", "application", "function", "function log", "prompts", "recordings"),
        *("message log", "quotas", "trigger", "dial policy", "ledger", "queue"),
    ]


@pytest.mark.parametrize("faults", list(rounds()), ids=lambda f: ", ".join(map(str, f)))
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
    assert [one for one in found if one.state == "unseen"] == []


def test_there_are_as_many_faults_as_links_can_have() -> None:
    assert len(FAULTS) >= 30
