"""The handler in AWS's own runtime: its runtime emulator and its client, on loopback."""

from pathlib import Path
from tempfile import TemporaryFile
from typing import cast

import pytest

from offhook.emulator.invoke import CannotInvoke, invoke, post, read_event, running

EVENTS = Path(__file__).parents[2] / "events"


def test_an_inbound_call_is_answered_in_the_real_runtime() -> None:
    invocation = invoke(
        read_event(EVENTS / "new_inbound_call" / "minimal.json"), "flows.app:lambda_handler"
    )
    assert not invocation.failed
    assert cast("dict[str, str]", invocation.reply)["SchemaVersion"] == "1.0"
    assert invocation.init_ms is not None
    assert invocation.duration_ms is not None


def test_every_event_is_answered_with_an_envelope() -> None:
    with TemporaryFile() as log, running("flows.app:lambda_handler", log.fileno()) as port:
        for file in sorted(EVENTS.rglob("*.json")):
            reply = post(port, read_event(file))
            assert cast("dict[str, str]", reply)["SchemaVersion"] == "1.0", file


def test_a_handler_that_does_not_load_is_a_failure_with_its_reason() -> None:
    invocation = invoke(read_event(EVENTS / "hangup" / "single_leg.json"), "flows.nothing:handler")
    assert invocation.failed
    assert "flows.nothing" in str(invocation.reply)


def test_no_event_no_invocation(tmp_path: Path) -> None:
    with pytest.raises(CannotInvoke, match="there is no event"):
        read_event(tmp_path / "nothing.json")
