"""Each fault that is planted is found, with the shortest story, and nothing is where it is mended.

About `offhook.emulator.explore.compared`, `offhook.emulator.explore.ends`,
`offhook.emulator.explore.judged`, `offhook.emulator.explore.loops`,
`offhook.emulator.explore.people`,
`offhook.emulator.explore.walk`, `offhook.emulator.findings.lacks`.
"""

import pytest

from offhook.emulator.explore.jobs import Result, explore
from offhook.emulator.explore.options import Options
from offhook.emulator.findings import replies
from offhook.emulator.service.config import Desk
from offhook.emulator.service.usual import MONDAY_AT_TEN
from tests.emulator.explore import (
    planted,
    planted_disturbed,
    planted_keys,
    planted_lasting,
    planted_small,
    planted_tables,
    planted_told,
    planted_two_legs,
    planted_unheard,
)
from tests.emulator.explore.planting import Planted
from tests.sampled import sampled

MODULES = (
    planted,
    planted_disturbed,
    planted_keys,
    planted_lasting,
    planted_small,
    planted_tables,
    planted_told,
    planted_two_legs,
    planted_unheard,
)
ALL = {
    f"{module.__name__}:{name}": value
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, Planted)
}
SHORT = [name.rpartition(":")[2] for name in ALL]
FOUND = [
    pytest.param(name, marks=pytest.mark.thorough)
    if place % 2 or name.endswith(("too_long", "is_counted"))
    else name
    for place, name in enumerate(ALL)
]
EXIT = {"fault": 1, "lack": 2, "waste": 0, "advice": 0}


def explored(name: str, version: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    its = ALL[name]
    if its.slow_seconds is not None:
        monkeypatch.setattr(replies, "SLOW_SECONDS", its.slow_seconds)
    desk = Desk().with_function(f"{name}.{version}")
    options = Options(
        at=[MONDAY_AT_TEN], inbound=not its.outbound, outbound=its.outbound, updates=its.updates
    )
    return explore(desk, desk.sip_media_applications[0], options)


@pytest.mark.parametrize("name", FOUND, ids=SHORT)
def test_what_is_planted_is_found_with_the_shortest_story_and_nothing_else(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, its = explored(name, "wrong", monkeypatch), ALL[name]
    found = [each for each in result.found if each.finding.rule not in its.lacks]
    assert {each.finding.rule for each in found} == {its.rule, *its.more}
    planted = [each for each in found if each.finding.rule == its.rule]
    assert len(planted) == its.replies
    assert {each.finding.weight for each in planted} == {its.weight}
    assert min((", ".join(each.story) for each in planted), key=len) == its.story
    assert result.exit_code == EXIT[its.weight]


@pytest.mark.parametrize("name", sampled(ALL, 11), ids=SHORT)
def test_nothing_is_found_where_it_is_mended(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result, its = explored(name, "mended", monkeypatch), ALL[name]
    rules = [each.finding.rule for each in result.found]
    assert rules == [*its.lacks], [str(each.finding) for each in result.found]
    assert result.exit_code == (2 if its.lacks else 0)
