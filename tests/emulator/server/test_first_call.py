"""What docs/emulator.md shows of boto3 works at a desk: a first call, and a meeting."""

import pytest

from offhook.emulator.service.config import SipMediaApplication
from tests.emulator.server.conftest import Serves
from tests.patience import until
from tests.project.pages import blocks
from tests.project.test_house import ROOT

PAGE = ROOT / "docs" / "emulator.md"
LINE = SipMediaApplication(
    name="reminder", numbers=("+15550100102",), function="flows.reminder:router"
)


def test_the_first_call_and_the_meeting_are_made(
    serves: Serves, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serves(applications=(LINE,))
    for name in ("CHIME_SDK_VOICE", "CHIME_SDK_MEETINGS"):
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{name}", server.endpoint)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "desk")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    first, meeting = (block.code for block in blocks(PAGE) if block.language == "python")
    told: dict[str, object] = {}
    exec(first, told)
    (call,) = server.service.calls.values()
    until(lambda: "Hello Ana." in call.ladder.render())
    exec(meeting, told)
    assert told["caller"]
