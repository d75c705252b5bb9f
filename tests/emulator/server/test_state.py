"""What is kept: over a restart, and of a call that is over.

About `offhook.emulator.service.state`, `offhook.emulator.service.call_records`.
"""

import asyncio
import gc
import json
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from offhook.actions import Hangup, JoinChimeMeeting, Pause, Speak, VoiceFocus
from offhook.actions.fields import PROMPTS_BUCKET
from offhook.emulator.function.provided import provided
from offhook.emulator.server.listening import Server
from offhook.emulator.server.reload import follow
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.testing import busy
from tests.emulator.functions import Event, in_turn, legs, reply
from tests.emulator.server.calls import dials, rings_somebody
from tests.emulator.server.conftest import OURS, THEIRS, Serves, application, client
from tests.patience import until

ARN = "arn:aws:lambda:us-east-1:123456789012:function:orders"


def test_what_the_api_made_is_there_after_a_restart(serves: Serves, tmp_path: Path) -> None:
    server = serves(state=tmp_path / "state.json")
    voice = client(server)
    its_id = voice.create_sip_media_application(
        AwsRegion="us-east-1",
        Name="orders",
        Endpoints=[{"LambdaArn": ARN}],
        Tags=[{"Key": "team", "Value": "shop"}],
    )["SipMediaApplication"].get("SipMediaApplicationId", "")
    voice.update_phone_number(PhoneNumberId=OURS, CallingName="Workshop")
    server.stop()
    voice = client(serves(state=tmp_path / "state.json"))
    found = voice.get_sip_media_application(SipMediaApplicationId=its_id)["SipMediaApplication"]
    assert found.get("Name") == "orders"
    arn = found.get("SipMediaApplicationArn", "")
    assert voice.list_tags_for_resource(ResourceARN=arn)["Tags"] == [
        {"Key": "team", "Value": "shop"}
    ]
    number = voice.get_phone_number(PhoneNumberId=OURS)["PhoneNumber"]
    assert number.get("CallingName") == "Workshop"


def test_what_the_api_deleted_does_not_come_back_from_the_configuration(
    serves: Serves, tmp_path: Path
) -> None:
    server = serves(state=tmp_path / "state.json")
    voice = client(server)
    (rule,) = voice.list_sip_rules()["SipRules"]
    its_id = rule.get("SipRuleId", "")
    voice.update_sip_rule(SipRuleId=its_id, Name="old", Disabled=True)
    voice.delete_sip_rule(SipRuleId=its_id)
    server.stop()
    assert client(serves(state=tmp_path / "state.json")).list_sip_rules()["SipRules"] == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "Invalid"),
        ("{", "Invalid"),
        ('{"applications": 7}', "applications: "),
        ('{"more": {}}', "more: "),
    ],
)
def test_a_state_file_that_cannot_be_used_is_named(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "state.json").write_text(content)
    desk = Desk(state=tmp_path / "state.json")
    with (
        pytest.raises(
            ConfigError, match=rf"state\.json is not a state that this version wrote: {says}"
        ),
        Server(desk, port=0),
    ):
        pass
    gc.collect()  # what was raised has gone
    assert PROMPTS_BUCKET not in provided()


def test_every_leg_has_a_record(serves: Serves, tmp_path: Path) -> None:
    server = serves(in_turn([], [], [Speak(text="Ready."), Hangup()]), records=tmp_path / "records")
    call = rings_somebody(server, client(server))
    until(lambda: call in server.service.ended)
    (file,) = (tmp_path / "records" / "Amazon-Chime-SMADRs").rglob("*.jsonl")
    (record,) = map(json.loads, file.read_text().splitlines())
    assert record["TransactionId"] == call.transaction_id
    assert (record["SourcePhoneNumber"], record["DestinationPhoneNumber"]) == (OURS[1:], THEIRS[1:])
    assert (record["Status"], record["BillableDurationSeconds"]) == ("Completed", "1")
    assert record["SipApplicationId"] == application(server)


def test_a_record_has_the_documented_keys(serves: Serves, tmp_path: Path) -> None:
    server = serves(in_turn([Speak(text="Hello."), Hangup()]), records=tmp_path / "records")
    call = dials(server, OURS)
    until(lambda: call in server.service.ended)
    (file,) = (tmp_path / "records" / "Amazon-Chime-SMADRs").rglob("*.jsonl")
    (record,) = map(json.loads, file.read_text().splitlines())
    assert set(record) == {
        *("AwsAccountId", "TransactionId", "CallId", "VoiceConnectorId", "Status", "SchemaVersion"),
        *("BillableDurationSeconds", "BillableVoiceFocusSeconds", "CallLegTriggerType"),
        *("SourcePhoneNumber", "SourcePhoneNumberName", "DestinationPhoneNumber"),
        *("DestinationPhoneNumberName", "UsageType", "ServiceCode", "Direction", "Region"),
        *("TimeStampEpochSeconds", "SipRuleId", "SipApplicationId"),
    }
    assert {type(value) for value in record.values()} == {str}
    assert (record["Direction"], record["Region"]) == ("Inbound", "us-east-1")
    assert record["CallId"] == call.legs[0].call_id
    assert record["SipRuleId"] == call.told.identity.sip_rule_id
    assert record["TimeStampEpochSeconds"] == str(call.started_ms // 1000)


def test_a_record_tells_what_brought_the_leg_about(serves: Serves, tmp_path: Path) -> None:
    join = JoinChimeMeeting(join_token="t", meeting_id="m")
    hang_up = Hangup(participant_tag="LEG-A")
    server = serves(in_turn([], [], [join], [hang_up]), records=tmp_path / "records")
    call = rings_somebody(server, client(server))
    until(lambda: call in server.service.ended)
    (file,) = (tmp_path / "records" / "Amazon-Chime-SMADRs").rglob("*.jsonl")
    records = map(json.loads, file.read_text().splitlines())
    triggers = [record["CallLegTriggerType"] for record in records]
    assert triggers == ["NEW_OUTBOUND_CALL", "JoinChimeMeeting"]


def test_a_record_tells_the_voice_connector_our_names_and_voice_focus(
    serves: Serves, tmp_path: Path
) -> None:
    host = "abcdefghij0123456789ab.voiceconnector.chime.aws"
    rule = {"name": "service", "trigger": host, "sip_media_applications": ["default"]}

    def function(told: object, _context: object) -> object:
        focus = VoiceFocus(enable=True, call_id=str(legs(cast("Event", told))[0]["CallId"]))
        return reply(Speak(text="Hello."), focus, Pause(duration_in_milliseconds=100), Hangup())

    server = serves(function, records=tmp_path / "records", sip_rules=[rule])
    client(server).update_phone_number(PhoneNumberId=OURS, Name="Front desk")
    call = dials(server, OURS, Host=host)
    until(lambda: call in server.service.ended)
    (file,) = (tmp_path / "records" / "Amazon-Chime-SMADRs").rglob("*.jsonl")
    (record,) = map(json.loads, file.read_text().splitlines())
    assert record["VoiceConnectorId"] == host[:22]
    assert record["DestinationPhoneNumberName"] == "Front desk"
    assert (record["SourcePhoneNumberName"], record["UsageType"]) == ("", "")
    assert record["BillableVoiceFocusSeconds"] == "1"


def test_records_go_where_the_settings_of_the_account_say(serves: Serves, tmp_path: Path) -> None:
    server = serves()
    voice = client(server)
    server.service.far_ends[THEIRS] = busy()
    voice.update_global_settings(VoiceConnector={"CdrBucket": "bills"})
    call = rings_somebody(server, voice)
    until(lambda: call in server.service.ended)
    (file,) = (tmp_path / "recordings" / "bills" / "Amazon-Chime-SMADRs").rglob("*.jsonl")
    assert json.loads(file.read_text())["Status"] == "Failed"


def test_messages_are_logged_when_the_application_wants_it(serves: Serves, tmp_path: Path) -> None:
    server = serves(records=tmp_path)
    voice = client(server)
    server.service.far_ends[THEIRS] = busy()
    for is_on in (False, True):
        voice.put_sip_media_application_logging_configuration(
            SipMediaApplicationId=application(server),
            SipMediaApplicationLoggingConfiguration={"EnableSipMediaApplicationMessageLogs": is_on},
        )
        call = rings_somebody(server, voice)
        until(partial(server.service.ended.__contains__, call))
    folder = tmp_path / "aws" / "ChimeSipMediaApplicationSipMessages"
    lines = (folder / f"{application(server)}.jsonl").read_text().splitlines()
    told = [json.loads(line)["event"]["InvocationEventType"] for line in lines]
    assert told == ["NEW_OUTBOUND_CALL", "RINGING", "HANGUP"]


def test_a_changed_configuration_is_read_again(serves: Serves, tmp_path: Path) -> None:
    server = serves()
    voice = client(server)
    more = SipMediaApplication(name="more", numbers=("+15550100109",), function="nobody:asks")
    desk = server.service.desk
    changed = desk.model_copy(
        update={"sip_media_applications": (*desk.sip_media_applications, more)}
    )
    said: list[str] = []
    (tmp_path / "offhook.toml").write_text("")
    following = follow(server.service, lambda: changed, said.append, tmp_path)
    task = asyncio.run_coroutine_threadsafe(following, server.loop)
    try:
        until(lambda: (tmp_path / "offhook.toml").write_text("\n") == 1 and bool(said))
    finally:
        task.cancel()
    found = [n.get("E164PhoneNumber") for n in voice.list_phone_numbers()["PhoneNumbers"]]
    assert found == [OURS, "+15550100109"]
    assert said[0] == f"the configuration was read again: {OURS}, +15550100109"


def test_a_configuration_that_is_wrong_leaves_the_one_before(
    serves: Serves, tmp_path: Path
) -> None:
    server = serves()

    def wrong() -> Desk:
        raise ConfigError("offhook.toml is not TOML")

    said: list[str] = []
    following = follow(server.service, wrong, said.append, tmp_path)
    task = asyncio.run_coroutine_threadsafe(following, server.loop)
    try:
        until(lambda: (tmp_path / "offhook.toml").write_text("\n") == 1 and bool(said))
    finally:
        task.cancel()
    assert said[0] == "the configuration stays as it was: offhook.toml is not TOML"
    assert server.service.account.numbers == (OURS,)


def test_what_the_configuration_no_longer_names_goes(serves: Serves) -> None:
    server = serves()
    desk = server.service.desk
    other = SipMediaApplication(name="other", numbers=("+15550100109",), function="nobody:asks")
    server.service.reconfigure(desk.model_copy(update={"sip_media_applications": (other,)}))
    assert server.service.account.numbers == ("+15550100109",)
    assert len(server.service.account.holdings.rules) == 1
