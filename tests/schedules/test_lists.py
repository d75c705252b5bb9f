"""A list of calls, from the file to the report, held against the diary of those who were called.

Executions of the trigger are killed in the middle of a request, messages are delivered twice, the
service refuses or its answer is lost, and somebody stops all dialling at random and goes on.
Callees in four time zones are busy, do not answer, or press a key; who did not answer, or pressed
9, is on a second list. In virtual time, from a seed:

    python -m tests.schedules.list_player 10000 7

- Nobody is called twice for a key, nobody after a 9 or outside the hours of their time zone, nobody
  while all dialling is stopped; no more in a day than the caps allow, none faster than the pace.
- Everybody else is called once, or is `unknown`, where an execution died that might have dialled.
- The report adds up: each call is counted, with the outcome and the word that the callee knows.
"""

import os

import pytest

from tests.schedules.broken_lists import BROKEN
from tests.schedules.list_player import play_list

CALLEES = int(os.environ.get("CALLEES", "60"))


def test_each_callee_is_called_as_the_rules_say() -> None:
    played = play_list(CALLEES, seed=1)
    assert not played.wrong, str(played)


@pytest.mark.parametrize("broken", BROKEN)
def test_calling_out_that_is_broken_on_purpose_is_found_out(broken: str) -> None:
    _, found_out_by = BROKEN[broken]
    wrong: list[str] = []
    for seed in range(1, 13):  # few calls fall into the moments when dialling is stopped
        wrong += play_list(20, seed, broken).wrong
        if any(found_out_by in one for one in wrong):
            return
    pytest.fail(f"nobody found out: {wrong[:5]}")
