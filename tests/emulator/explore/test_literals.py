"""What a handler compares an intent or digits with is tried; other words of its code are not."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from offhook.emulator.explore.literals import MOST, literals
from offhook.emulator.function.in_process import InProcess

PYTHON = """
def handler(event, context):
    name = event["ActionData"]["IntentResult"]["SessionState"]["Intent"]["Name"]
    if name == "OrderBicycle" or "Repair" == name:
        return say("Welcome")
    if event["InvocationEventType"] == "ACTION_SUCCESSFUL" and name in ("Hours", "Way"):
        return say("Fine")
    match name:
        case "Cancel" | "GoAway":
            return say("Goodbye")
        case "FallbackIntent":
            return None
"""
JAVASCRIPT = """
exports.handler = async (event) => {
  const intent = event.ActionData.IntentResult.SessionState.Intent.Name;
  if (intent === 'OrderBicycle') return say("Welcome");
  switch (intent) { case "repair-it": return say('Fine'); }
};
"""

PIN = """
PINS = {"4711": "Ada"}
def handler(event, context):
    digits = event["ActionData"]["ReceivedDigits"]
    if digits in PINS or digits == '0815' or digits in ("*1", "*2#"):
        return {"SchemaVersion": "1.0", "Actions": say(f"{digits} at 480", delay="250")}
"""


TABLES = """
PIN, EXTENSIONS = "4711", {101: "+15550100300", 102: "+15550100301"}
MEMBERS = [{"pin": "0815"}, {"pin": "2342"}]
INTENTS = {
    "OrderBicycle": order,
    "Repair": lambda slots: None,
    "Text": text,
}
def order(slots): ...
def handler(event, context):
    digits = event["ActionData"]["ReceivedDigits"]
    if int(digits) == 999: return say("Help", delay="250")
"""
DISPATCH = """
const order = async (slots) => say('Fine');
function repair(slots) { return say('Fine'); }
const INTENTS = { OrderBicycle: order, 'repair-it': repair, Text: text };
"""
ACTIONS = """
if kind == "Ask": return {"Type": "StartBotConversation", "Parameters": {"BotAliasArn": BOT,
if text: speak = {"ContentType": "PlainText", "Content": text, 'Intent': None}
elif intent in ("Order", "Repair") or intent == "Hours": pass
"""


class Written:
    """A function whose files are here."""

    def __init__(self, *files: Path) -> None:
        self._files = files

    def sources(self) -> dict[Path, int]:
        return dict.fromkeys(self._files, 0)

    async def invoke(self, event: object) -> object:
        raise NotImplementedError

    def close(self) -> None: ...


@pytest.mark.parametrize(
    ("name", "code", "intents"),
    [
        ("handler.py", PYTHON, ("OrderBicycle", "Repair", "Hours", "Way", "Cancel", "GoAway")),
        ("index.js", JAVASCRIPT, ("OrderBicycle", "repair-it")),
        ("tables.py", TABLES, ("OrderBicycle", "Repair")),
        ("actions.py", ACTIONS, ("Ask", "Order", "Repair", "Hours")),
        ("dispatch.js", DISPATCH, ("OrderBicycle", "repair-it")),
        ("other.py", PYTHON.replace("Intent", "Name"), ()),
    ],
)
def test_the_words_that_it_compares_an_intent_with(
    tmp_path: Path, name: str, code: str, intents: tuple[str, ...]
) -> None:
    file = tmp_path / name
    file.write_text(code)
    assert literals(Written(file), ()).intents == intents  # type: ignore[arg-type]


def test_there_is_an_end_to_them(tmp_path: Path) -> None:
    file = tmp_path / "handler.py"
    file.write_text("\n".join(f'if intent == "Intent{n}": pass' for n in range(30)))
    assert len(literals(Written(file), ()).intents) == MOST  # type: ignore[arg-type]


def test_a_file_that_cannot_be_read_names_none(tmp_path: Path) -> None:
    assert literals(Written(tmp_path / "gone.py"), ()).intents == ()  # type: ignore[arg-type]


def test_the_keys_that_it_compares_digits_with(tmp_path: Path) -> None:
    file = tmp_path / "handler.py"
    file.write_text(PIN)
    keys = literals(Written(file), ()).keys  # type: ignore[arg-type]
    assert keys == ("4711", "0815", "*1", "*2#")
    file.write_text(PIN.replace("igits", "umbers"))
    assert literals(Written(file), ()).keys == ()  # type: ignore[arg-type]


def test_the_keys_of_tables_and_those_that_have_a_name(tmp_path: Path) -> None:
    file = tmp_path / "handler.py"
    file.write_text(TABLES)
    keys = literals(Written(file), ()).keys  # type: ignore[arg-type]
    assert keys == ("101", "102", "999", "4711", "0815", "2342")


def test_of_a_function_of_this_process_keys_count_in_its_own_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what is tried would depend on what else is imported."""
    other = ModuleType("pins")
    other.__file__ = f"{tmp_path}/pins.py"
    (tmp_path / "pins.py").write_text(PIN.replace("47", "74"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "pins", other)

    def handler(_event: object, _context: object) -> object:
        raise NotImplementedError

    its = InProcess(handler)
    assert tmp_path / "pins.py" in its.sources()
    assert "4711" in literals(its, ()).keys
    assert f"{74}11" not in literals(its, ()).keys
