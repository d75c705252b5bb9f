"""Each fault that is planted is found, with the shortest story, and nothing is where it is mended.

About `offhook.emulator.explore.judged`, `offhook.emulator.explore.loops`,
`offhook.emulator.explore.walk`, `offhook.emulator.findings.lacks`.
"""

import pytest

from offhook.emulator.explore.jobs import Options, Result, explore
from offhook.emulator.service.config import Desk
from offhook.emulator.service.usual import MONDAY_AT_TEN
from tests.emulator.explore import planted
from tests.emulator.explore.planting import Planted

ALL = {name: value for name, value in vars(planted).items() if isinstance(value, Planted)}
EXIT = {"fault": 1, "lack": 2, "waste": 0, "advice": 0}


def explored(name: str) -> Result:
    its = ALL[name.partition(".")[0]]
    desk = Desk().with_function(f"{planted.__name__}:{name}")
    options = Options(
        at=[MONDAY_AT_TEN], inbound=not its.outbound, outbound=its.outbound, updates=its.updates
    )
    return explore(desk, desk.sip_media_applications[0], options)


@pytest.mark.parametrize("name", ALL)
def test_what_is_planted_is_found_with_the_shortest_story_and_nothing_else(name: str) -> None:
    result, its = explored(f"{name}.wrong"), ALL[name]
    found = [(each.finding.weight, each.finding.rule) for each in result.found]
    assert set(found) == {(its.weight, its.rule)}
    assert min((", ".join(each.story) for each in result.found), key=len) == its.story
    assert result.exit_code == EXIT[its.weight]


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_found_where_it_is_mended(name: str) -> None:
    result = explored(f"{name}.mended")
    assert [str(each.finding) for each in result.found] == []
    assert result.exit_code == 0
