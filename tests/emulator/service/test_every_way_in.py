"""Two applications that call each other, from one configuration: the same in every way in.

A shop's menu leads to the depot, which is an application of its own. About
`offhook.emulator.service.service`.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import boto3
import pytest

from offhook.command.main import main
from offhook.emulator.call.ladder import Entry
from offhook.emulator.explore.jobs import Options, explore
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import Desk, load
from offhook.emulator.service.usual import MONDAY_AT_TEN
from offhook.emulator.testing import Answers, Phone
from tests.emulator.server.calls import call_of, dials
from tests.patience import until

SHOP, DEPOT, BEN = "+15550100101", "+15550100102", "+15550100200"

TOML = f"""
[[sip_media_applications]]
name = "shop"
numbers = ["{SHOP}"]
function = "shop.py:handler"

[[sip_media_applications]]
name = "depot"
numbers = ["{DEPOT}"]
function = "depot.py:handler"
"""

FUNCTIONS = {
    "shop.py": """
def handler(event, context):
    legs, kind = event["CallDetails"]["Participants"], event["InvocationEventType"]
    actions = []
    if kind in ("NEW_INBOUND_CALL", "CALL_ANSWERED"):
        ours = legs[0]["To" if legs[0]["Direction"] == "Inbound" else "From"]
        actions = [{"Type": "CallAndBridge", "Parameters": {"CallTimeoutSeconds": 20,
                    "CallerIdNumber": ours, "SipHeaders": {"X-Shop": "7"},
                    "Endpoints": [{"BridgeEndpointType": "PSTN", "Uri": "+15550100102"}]}}]
    if kind in ("HANGUP", "ACTION_FAILED"):
        actions = [{"Type": "Hangup", "Parameters": {"CallId": leg["CallId"]}}
                   for leg in legs if leg.get("Status") != "Disconnected"]
    return {"SchemaVersion": "1.0", "Actions": actions}
""",
    "depot.py": """
def handler(event, context):
    leg = event["CallDetails"]["Participants"][0]
    words = f"This is the depot, shop {leg.get('SipHeaders', {}).get('X-Shop')}."
    actions = [{"Type": "Speak", "Parameters": {"Text": words}}, {"Type": "Hangup"}]
    kind = event["InvocationEventType"]
    actions = actions if kind == "NEW_INBOUND_CALL" else actions[1:]
    return {"SchemaVersion": "1.0", "Actions": actions if kind != "HANGUP" else []}
""",
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The folder with both, which is the current one."""
    (tmp_path / "offhook.toml").write_text(TOML)
    for name, source in FUNCTIONS.items():
        (tmp_path / name).write_text(source)
    monkeypatch.chdir(tmp_path)
    return load()


@pytest.fixture
def server(desk: Desk) -> Iterator[Server]:
    with Server(desk, port=0) as server:
        server.service.far_ends[BEN] = Answers(after=0.5)
        yield server


def rows(entries: Sequence[Entry | str]) -> list[str]:
    """A ladder without what is never the same: times."""
    return [re.sub(r"^ *[0-9.]+ ", "", str(entry)) for entry in entries]


@pytest.fixture
def told(desk: Desk) -> list[str]:
    """What happens when somebody dials the shop, as a test in virtual time shows it."""
    with Phone(desk=desk) as phone:
        call = phone.dials(SHOP, from_=BEN)
        call.hears("This is the depot, shop 7.")
        call.ends()
        return rows(call.ladder.entries)


def test_the_depot_is_heard_on_leg_b(told: list[str]) -> None:
    (words,) = [row for row in told if "This is the depot" in row]
    assert words.split()[0] == "LEG-B"


def test_the_command_shows_the_same(told: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["call", "--to", SHOP, "--script", ""]) == 0
    first, _, other = capsys.readouterr().out.partition("\n\nThe call from ")
    assert rows([line for line in first.splitlines() if line.startswith(" ")]) == told
    assert "LEG-A  hears “This is the depot, shop 7.”" in other


def test_a_server_shows_the_same(told: list[str], server: Server) -> None:
    call = dials(server, SHOP)
    until(lambda: call.has_ended)
    assert rows(call.ladder.entries) == told


def test_a_call_that_boto3_asks_for_goes_on_as_one_of_a_test(desk: Desk, server: Server) -> None:
    with Phone(desk=desk) as phone:
        phone.at(BEN, Answers(after=0.5))
        call = phone.rings(BEN, from_=SHOP)
        call.hears("This is the depot, shop 7.")
        call.ends()
        told = rows(call.ladder.entries)
    voice = boto3.client(  # pyright: ignore[reportUnknownMemberType] - an overload per service
        "chime-sdk-voice",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id="desk",
        aws_secret_access_key="desk",
    )
    made = voice.create_sip_media_application_call(
        FromPhoneNumber=SHOP,
        ToPhoneNumber=BEN,
        SipMediaApplicationId=server.service.account.calling(SHOP).sip_media_application_id,
    )
    placed = call_of(server, made["SipMediaApplicationCall"].get("TransactionId", ""))
    until(lambda: placed.has_ended)
    assert rows(placed.ladder.entries) == told


def test_lint_reaches_both(desk: Desk, tmp_path: Path) -> None:
    options = Options(at=[MONDAY_AT_TEN])
    clean = [explore(desk, each, options) for each in desk.sip_media_applications]
    assert [each.exit_code for each in clean] == [0, 0]
    (tmp_path / "depot.py").write_text("def handler(event, context):\n    return nothing\n")
    results = [explore(desk, each, options) for each in desk.sip_media_applications]
    assert [each.exit_code for each in results] == [0, 1]
    assert "name 'nothing' is not defined" in str(results[1].found[0].finding)
