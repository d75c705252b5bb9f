"""Keeps what this version writes, for the next ones to read, in a folder of its name.

`python -m tests.project.versions.keep`, once, before it is released: `make release` asks for it.
"""

import json
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import offhook.actions
import offhook.emulator.testing
import offhook.handler
from offhook.emulator.testing import Phone
from offhook.handler import Event
from offhook.production.logs.recorded import Exchange, RecordedCall, write
from tests.project.test_house import ROOT
from tests.project.versions import line

HERE = Path(__file__).parent
LEDGER: dict[str, dict[str, str | float]] = {
    "reserved": {"rank": 1},
    "dialling": {"rank": 3},
    "accepted": {"rank": 5, "transaction_id": "3b57"},
    "answered": {"rank": 7, "transaction_id": "3b57", "answered_at": 1_804_082_412.5},
    "ended": {"rank": 8, "transaction_id": "3b57", "sip_response_code": 486},
    "refused": {"rank": 0, "error": "DialRefused"},
}
"""What stands in an item of each state."""


def names() -> dict[str, list[str]]:
    """What can be imported from where."""
    rooms = (offhook.actions, offhook.handler, offhook.emulator.testing)
    late = {"NotExplored", "Options", "explores"}  # of the last room, loaded on first use
    found = {room.__name__: {name for name in dir(room) if _is_of(room, name)} for room in rooms}
    found[offhook.emulator.testing.__name__] |= late
    return {name: sorted(names) for name, names in found.items()}


def _is_of(room: ModuleType, name: str) -> bool:
    """Whether it is ours: not a module of the room, nor what it needs itself."""
    return (
        not name.startswith("_")
        and name not in ("TYPE_CHECKING", "import_module")
        and not isinstance(getattr(room, name), ModuleType)
    )


def call() -> list[Exchange]:
    """A call of the line: each event with the reply that it got."""
    kept: list[Exchange] = []

    def answers(event: dict[str, object], context: object) -> object:
        reply = line.router(event, context)
        told = {"at": None, "event": event, "answer": "replied", "reply": reply}
        kept.append(Exchange.model_validate(told))
        return reply

    with Phone(answers, seed=0) as phone:
        caller = phone.dials()
        caller.hears("press 1")
        caller.presses("1")
        caller.hears("That makes 1.")
        caller.hears("press 1")
        caller.presses("2")
        caller.hears("Thank you.")
        caller.ends()
    return kept


def keep(folder: Path) -> None:
    """Write it all."""
    folder.mkdir()
    exchanges = call()
    items = {
        state: {
            "pk": {"S": f"call#{state}"},
            "state": {"S": state},
            "sip_media_application_id": {"S": "11111111-2222-3333-4444-555555555555"},
            "format": {"N": "1"},
            **{
                name: {"S" if isinstance(one, str) else "N": f"{one}"} for name, one in more.items()
            },
        }
        for state, more in LEDGER.items()
    }
    its_id = Event(exchanges[0].event).transaction_id
    for name, content in (
        ("imports", names()),
        ("actions", json.loads((ROOT / "tests/actions/examples.json").read_text(encoding="utf-8"))),
        ("events", [one.event for one in exchanges]),
        ("ledger", items),
    ):
        text = json.dumps(content, indent=1, ensure_ascii=False)
        (folder / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
    recorded = RecordedCall(transaction=its_id, is_pseudonymised=True, exchanges=exchanges)
    write(folder / "calls", [recorded])


if __name__ == "__main__":
    keep(HERE / version("offhook"))
