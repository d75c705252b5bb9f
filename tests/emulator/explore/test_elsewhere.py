"""The next event of a call may come to another environment, which was not told what came before."""

from pathlib import Path

import pytest

from offhook.emulator.explore.jobs import Result, explore
from offhook.emulator.explore.options import Options
from offhook.emulator.service.config import Desk
from offhook.emulator.service.usual import MONDAY_AT_TEN

HANDLER = """
import random
SESSIONS, TEXTS = {}, {}

def texts():
    TEXTS.setdefault("bye", "Goodbye.")
    return TEXTS

def handler(event, context):
    kind, its = event["InvocationEventType"], event["CallDetails"]["TransactionId"]
    details = event["CallDetails"]
    kept = {"name": "Ada"}
    bye = {"Type": "Hangup", "Parameters": {}}
    if kind == "NEW_INBOUND_CALL":
        SESSIONS[its] = kept
        actions = [{"Type": "Speak", "Parameters": {"Text": "Hello."}}]
    elif kind == "ACTION_SUCCESSFUL":
        name = KEPT
        actions = [{"Type": "Speak", "Parameters": {"Text": f"{name} {texts()['bye']}"}}, bye]
    else:
        kept, actions = {}, [bye] if kind == "ACTION_FAILED" else []
    return {"SchemaVersion": "1.0", "Actions": actions, "TransactionAttributes": kept}
"""
AT_MODULE_LEVEL = 'SESSIONS.get(its, {}).get("name", "Nobody")'
IN_THE_CALL = 'details["TransactionAttributes"]["name"]'
BY_CHANCE = 'random.choice(("Ada", "Bob"))'


def explored(folder: Path, kept: str) -> Result:
    (folder / "app.py").write_text(HANDLER.replace("KEPT", kept))
    desk = Desk().with_function(f"{folder}/app.py:handler")
    return explore(desk, desk.sip_media_applications[0], Options(at=[MONDAY_AT_TEN]))


def test_what_an_environment_keeps_of_a_call_is_not_in_another_one(tmp_path: Path) -> None:
    result = explored(tmp_path, AT_MODULE_LEVEL)
    (found,) = result.found
    assert (found.finding.rule, found.story, result.exit_code) == ("shared-state", ["waits"], 1)
    assert "in another environment, which was not told what came before" in found.finding.evidence
    assert "Nobody Goodbye" in found.finding.instead


@pytest.mark.parametrize("kept", [IN_THE_CALL, BY_CHANCE])
def test_what_the_call_keeps_is_there_and_chance_is_no_state(tmp_path: Path, kept: str) -> None:
    result = explored(tmp_path, kept)
    assert ([str(each.finding) for each in result.found], result.exit_code) == ([], 0)
