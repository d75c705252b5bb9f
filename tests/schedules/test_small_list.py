"""A small list, played by `make check`; test_lists.py says what must hold, and plays long ones."""

import pytest

from tests.schedules.list_player import play_list


@pytest.mark.thorough
def test_each_callee_of_a_small_list_is_called_as_the_rules_say() -> None:
    played = play_list(8, seed=1)
    assert not played.wrong, str(played)
