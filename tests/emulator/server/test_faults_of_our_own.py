"""What breaks in the emulator itself, or in a far end, is told: it ends no call quietly."""

import logging

import pytest

from offhook.actions import CallAndBridge, Hangup
from offhook.emulator.testing import Leg, LiveCall
from tests.emulator.functions import AnsweredBy, in_turn
from tests.emulator.server.calls import desk, dials
from tests.emulator.server.conftest import OURS, THEIRS, Serves
from tests.patience import until

BRIDGE = CallAndBridge(caller_id_number=OURS, uri=THEIRS, call_timeout_seconds=20)


class Broken:
    """Nobody wrote the rest of it."""

    def ring(self, call: LiveCall, leg: Leg) -> None:
        del call, leg
        raise RuntimeError("not written yet")


def test_a_test_fails_with_it_and_the_ladder_has_it(
    answered_by: AnsweredBy, caplog: pytest.LogCaptureFixture
) -> None:
    phone = answered_by(in_turn([BRIDGE], [Hangup()]))
    phone.at(THEIRS, Broken())
    call = phone.dials()
    with pytest.raises(RuntimeError, match="not written yet"):
        call.ends()
    phone.close()
    assert "has ended it: RuntimeError: not written yet" in call.ladder.render()
    assert "not written yet" in caplog.text


def test_the_server_tells_it_and_goes_on(serves: Serves, caplog: pytest.LogCaptureFixture) -> None:
    server = serves(in_turn([BRIDGE], [Hangup()]))
    server.service.far_ends[THEIRS] = Broken()
    with caplog.at_level(logging.ERROR):
        call = dials(server, OURS)
        until(lambda: call in server.service.ended)
    _, ladder = desk(server, "GET", f"/calls/{call.transaction_id}/ladder")
    assert "has ended it: RuntimeError: not written yet" in ladder
    assert "raise RuntimeError" in caplog.text
    assert desk(server, "GET", "/calls")[0] == 200
