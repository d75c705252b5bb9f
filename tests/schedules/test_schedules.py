"""Whatever goes wrong, and whenever: no key is dialled twice, and no request is lost.

In each schedule one to three calls are asked for, each by one to three askers: messages of a queue
that delivers at least once, clients of the function URL that try again, programs. Some are asked
to be redirected or cancelled. Executions of the trigger and of the call's function take turns in
virtual time, in a random order. At every request to DynamoDB, to the service's API and to the
queue an execution may be killed before or after it, or be held up longer than any lease; the
request may be throttled, refused, never connected, arrive late, or be answered with a 500 although
it was done; the answer may be lost. The call's events reach the function late, twice, before the
API's answer, or never. The clocks of some executions are an hour ahead or behind, and the dead
letters may refuse everything. Then all goes well again, and everything is asked for once more.

Always:

- The service accepted at most one call for a key; no more calls to a number, and in a day, than
  the policy allows; no more calls were up at once than the account may have.
- A redirection with an id was accepted at most once; whoever was told that it is done can rely on
  that.
- A call that was placed is known in the ledger by its transaction id, or it is `unknown`, and says
  so; it is never refused, cancelled, or missing. What was not placed is never told to be up.
- Whoever was told that a call is cancelled can rely on it: it was not placed, or ends as soon as it
  is answered, and no later request for its key changes that; also when its start comes later.
- Nobody is told to come back in an hour because somebody's clock is an hour ahead.
- Everybody who asked is told something: a state, an error, the dead letters. A message leaves the
  queue for good only when its call was placed or cancelled, or with a copy in the dead letters.
- The daily counts are never below what was dialled.
- In the end whoever asks again gets an answer that stays: the call, `Unknown`, or the cap that is
  used up. Nothing is `reserved` or `dialling` any more.

And as long as nothing was killed and the ledger was within reach:

- A key whose every attempt was refused for sure is not `unknown`, and neither is one whose call
  has told of itself, also when the API's answer was lost.
- Where no event was lost either, each call that is over is `ended`, the daily counts are exactly
  what was dialled, and exactly those count as up that are, or may be.
"""

import os

import pytest

from tests.schedules.broken import BROKEN
from tests.schedules.player import play_all

SCHEDULES = int(os.environ.get("SCHEDULES", "200"))
"""How many; `make schedules` plays 10,000."""


def test_no_key_is_dialled_twice_and_no_request_is_lost() -> None:
    failed = play_all(range(SCHEDULES))
    assert not failed, "\n\n".join(str(one) for one in failed)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_ledger_that_is_broken_on_purpose_is_found_out(broken: str) -> None:
    _, found_out_by = BROKEN[broken]
    assert any(
        found_out_by in wrong for one in play_all(range(1000), broken) for wrong in one.wrong
    )
