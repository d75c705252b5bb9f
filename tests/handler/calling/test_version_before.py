"""What the version before left in the table is read; what a later one wrote is not guessed at."""

from collections.abc import Callable, Mapping

import pytest

from offhook.handler.calling.call_record import OurCall
from offhook.handler.calling.ledger import LEASE_SECONDS
from offhook.handler.calling.requests import AskCall, CancelCall, RedirectCall, StartCall, make
from offhook.handler.calling.table import FORMAT, Item, Value
from offhook.handler.errors import Busy, DialRefused, KeyTaken, LedgerNewer, NoSuchCall
from tests.handler.calling.conftest import OURS, TABLE, THEIRS, Line

RANK = {"refused": 0, "reserved": 1, "cancelled": 2, "dialling": 3, "accepted": 5, "answered": 7}
FINGERPRINT = make(
    StartCall, {"key": "a-1", "to_phone_number": THEIRS, "from_phone_number": OURS}
).fingerprint


def left(line: Line, state: str, **more: Value) -> None:
    """A call's item, as the version before wrote it."""
    fields: dict[str, Value] = {
        "state": state,
        "rank": RANK[state],
        "attempt": "3b57",
        "fingerprint": FINGERPRINT,
        "sip_media_application_id": line.application,
        "lease_until": line.clock() + LEASE_SECONDS,
        "expires_at": round(line.clock() + 86_400),
        **more,
    }
    keep(line, "call#a-1", fields)


def keep(line: Line, pk: str, fields: Mapping[str, Value]) -> None:
    """Put an item into the table."""
    item: Item = {"pk": {"S": pk}}
    for name, value in fields.items():
        match value:
            case bool():
                item[name] = {"BOOL": value}
            case str():
                item[name] = {"S": value}
            case frozenset():
                item[name] = {"SS": list(value)}
            case _:
                item[name] = {"N": str(value)}
    line.table.put_item(TableName=TABLE, Item=item)


def test_a_refused_key_may_be_asked_for_again(line: Line) -> None:
    left(line, "refused", error="DialRefused")
    call = line.starts()
    assert call.may_be_up
    assert call.error is None
    assert line.placed == 1


def test_a_reservation_is_kept_until_it_runs_out(line: Line) -> None:
    left(line, "reserved")
    with pytest.raises(Busy):
        line.starts()
    line.clock.at += LEASE_SECONDS + 1
    assert line.starts().may_be_up


def test_a_cancelled_key_stays_cancelled(line: Line) -> None:
    left(line, "cancelled", is_cancelled=True)
    assert line.starts().outcome == "cancelled"
    assert line.placed == 0


def test_a_call_under_way_is_not_dialled_again(line: Line) -> None:
    left(line, "accepted", transaction_id="t-1", dialled_at=line.clock())
    assert line.starts().transaction_id == "t-1"
    with pytest.raises(KeyTaken):
        line.starts(to_phone_number="+15550100177")
    assert line.placed == 0


def test_it_goes_on_telling_of_itself(line: Line) -> None:
    dialled_at = line.clock()
    left(line, "accepted", transaction_id="t-1", dialled_at=dialled_at)
    keep(line, "transaction#t-1", {"key": "a-1", "expires_at": round(dialled_at + 86_400)})
    keep(line, "up", {"calls": frozenset({f"{dialled_at:.3f} a-1"})})
    with pytest.raises(Busy, match="1 calls are up"):
        line.starts("a-2", by=line.caller(calls_up=1))
    line.ledger.answered("t-1")
    line.ledger.ended("t-1", 0)
    assert line.caller().outcome(AskCall(key="a-1")).outcome == "completed"
    assert line.starts("a-2", by=line.caller(calls_up=1)).may_be_up


def test_the_list_holds_and_turns_are_kept(line: Line) -> None:
    keep(line, f"do-not-call#{THEIRS}", {})
    with pytest.raises(DialRefused, match="do-not-call list"):
        line.starts()
    keep(line, "pace#start", {"next_at": line.clock() + 50})
    with pytest.raises(Busy, match="the service's rate"):
        line.starts("a-2", to_phone_number="+15550100198")


def test_a_redirection_that_was_sent_is_not_sent_again(line: Line) -> None:
    line.starts()
    line.until("answered")
    sent: dict[str, Value] = {
        "state": "sent",
        "attempt": "3b57",
        "noted_at": line.clock(),
        "expires_at": 1,
    }
    keep(line, "redirection#a-1#r-1", sent)
    line.caller().redirect(RedirectCall(key="a-1", arguments={"name": "x"}, id="r-1"))
    line.caller().redirect(RedirectCall(key="a-1", arguments={"name": "y"}, id="r-2"))
    line.hears("update y")
    assert "update x" not in line.told


def test_what_is_written_now_says_its_format(line: Line) -> None:
    line.starts()
    line.until("answered")
    line.caller().redirect(RedirectCall(key="a-1", arguments={}, id="r-1"))
    line.caller().cancel(CancelCall(key="a-2"))
    line.ledger.stop(THEIRS)
    items = line.table.scan(TableName=TABLE)["Items"]
    kinds = {item["pk"].get("S", "").partition("#")[0] for item in items}
    assert kinds == {"call", "cap", "do-not-call", "pace", "redirection", "transaction", "up"}
    assert [item for item in items if item.get("format") != {"N": str(FORMAT)}] == []


ASKS: Mapping[str, Callable[[Line], OurCall]] = {
    "start": lambda line: line.starts(),
    "outcome": lambda line: line.caller().outcome(AskCall(key="a-1")),
    "cancel": lambda line: line.caller().cancel(CancelCall(key="a-1")),
    "redirect": lambda line: line.caller().redirect(RedirectCall(key="a-1", arguments={})),
    "confirm": lambda line: line.ledger.confirm("a-1", "t-1"),
}


@pytest.mark.parametrize("operation", ASKS)
def test_what_a_later_version_wrote_has_an_error_of_its_own(line: Line, operation: str) -> None:
    left(line, "accepted", format=FORMAT + 1, dialled_at=line.clock())
    with pytest.raises(LedgerNewer, match="a later version wrote it") as caught:
        ASKS[operation](line)
    assert caught.value.retry_after_seconds == 60
    assert line.placed == 0
    with pytest.raises(NoSuchCall):
        line.caller().outcome(AskCall(key="a-2"))
