"""What a handler compares an intent with is tried; other words of its code are not."""

from pathlib import Path

import pytest

from offhook.emulator.explore.literals import MOST, intents_of

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
        ("other.py", PYTHON.replace("Intent", "Name"), ()),
    ],
)
def test_the_words_that_it_compares_an_intent_with(
    tmp_path: Path, name: str, code: str, intents: tuple[str, ...]
) -> None:
    file = tmp_path / name
    file.write_text(code)
    assert intents_of(Written(file), ()) == intents  # type: ignore[arg-type]


def test_there_is_an_end_to_them(tmp_path: Path) -> None:
    file = tmp_path / "handler.py"
    file.write_text("\n".join(f'if intent == "Intent{n}": pass' for n in range(30)))
    assert len(intents_of(Written(file), ())) == MOST  # type: ignore[arg-type]


def test_a_file_that_cannot_be_read_names_none(tmp_path: Path) -> None:
    assert intents_of(Written(tmp_path / "gone.py"), ()) == ()  # type: ignore[arg-type]
