"""Where a call is on the map of its line: explored on demand, beside the call."""

from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import SipMediaApplication
from offhook.emulator.service.described import DEFAULT
from offhook.emulator.service.far_ends import NeverAnswers
from offhook.emulator.service.usual import MONDAY_AT_TEN
from tests.emulator.functions import in_turn
from tests.emulator.server.conftest import OURS, THEIRS, Serves
from tests.emulator.server.phone import mapped_line
from tests.emulator.server.phone.mapped_line import COUNTS
from tests.emulator.server.phone.test_line import STAYS, Line, lines
from tests.patience import until

__all__ = ["lines"]


def with_map(serves: Serves, **more: object) -> Server:
    """A desk whose function another process can find."""
    app = SipMediaApplication(
        numbers=(OURS, COUNTS), function=f"{mapped_line.__name__}:lambda_handler"
    )
    server = serves(
        applications=(app,), **{"explore": {"at": [MONDAY_AT_TEN], "faults": 0}, **more}
    )
    server.service.far_ends[DEFAULT] = NeverAnswers()
    return server


def ask(line: Line) -> Mapping[str, Any]:
    """Ask for the map when somebody is there, and wait for it."""
    its_id = line.hears("phone", State="up")["TransactionId"]
    line.does("map", TransactionId=its_id)
    assert line.hears("map", State="exploring")["TransactionId"] == its_id
    return line.hears("map", State="there")


def atlas(server: Server) -> Any:
    """The maps of its desk."""
    told: Any = server.service.when_placed[0]
    return told.__self__.atlas


def until_in(title: str, server: Server, line: Line, news: Mapping[str, Any]) -> int:
    """Wait until the call is in a situation with that title: its number."""
    explored = atlas(server).of(server.service.placed()[-1]).explored
    titles = [box.title for box in explored.boxes.values()]
    while (here := news.get("Here")) is None or titles[here] != title:
        news = line.hears("map", State="there")
    return int(here)


def test_the_map_says_where_the_call_is_as_it_goes_on(serves: Serves, lines: Any) -> None:
    line = lines(server := with_map(serves))
    line.does("dial", To=OURS)
    first = ask(line)
    here = until_in("SpeakAndGetDigits", server, line, first)
    assert first["Where"] == f"The call is in situation {here}."
    assert "situations" in first["Says"]
    line.does("press", Key="1")
    until_in("CallAndBridge", server, line, {})
    call = server.service.placed()[-1]
    server.loop.call_soon_threadsafe(call.answered, server.service.network.ringing[call])
    until_in("silence", server, line, {})
    line.does("hang_up")
    server.loop.call_soon_threadsafe(call.person_hangs_up, call.legs[1])
    over = line.hears("map")
    while not over["Where"].startswith("The call is over; its last situation was "):
        over = line.hears("map")
    page = urlopen(f"{server.endpoint}/_offhook/phone/maps/{over['TransactionId']}")
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert b"SpeakAndGetDigits" in page.read()


@pytest.mark.thorough
def test_where_the_call_is_not_on_the_map_it_says_so(serves: Serves, lines: Any) -> None:
    line = lines(with_map(serves, explore={"seconds": 0.001}))
    line.does("dial", To=OURS)
    there = ask(line)
    assert (there["Here"], there["Where"]) == (
        None,
        "The call is in no situation of the map so far.",
    )
    assert "not explored to the end" in there["Says"]


@pytest.mark.thorough
def test_a_key_that_was_not_tried_leads_off_the_map(serves: Serves, lines: Any) -> None:
    line = lines(server := with_map(serves))
    line.does("dial", To=OURS)
    until_in("SpeakAndGetDigits", server, line, ask(line))
    line.does("press", Key="0")
    there = line.hears("map", Here=None)
    assert there["Where"].startswith("SpeakAndGetDigits after situation 1 is not on the map: ")


@pytest.mark.thorough
def test_a_call_that_we_make_is_on_its_map(serves: Serves, lines: Any) -> None:
    line = lines(server := with_map(serves))
    server.loop.call_soon_threadsafe(server.service.call_out, OURS, THEIRS)
    its_id = line.hears("phone", State="ringing")["TransactionId"]
    line.does("watch", TransactionId=its_id)
    line.does("map", TransactionId=its_id)
    until_in("rings", server, line, line.hears("map", State="there"))
    line.does("answer")
    until_in("SpeakAndGetDigits", server, line, {})


def test_why_there_is_no_map_is_said_and_the_call_goes_on(serves: Serves, lines: Any) -> None:
    # Its function is a test's, and has no name by which another process finds it.
    line = lines(server := serves(in_turn(STAYS)))
    line.does("dial", To=OURS)
    its_id = line.hears("phone", State="up")["TransactionId"]
    with pytest.raises(HTTPError) as nowhere:
        urlopen(f"{server.endpoint}/_offhook/phone/maps/{its_id}")
    assert b"nobody has asked for the map" in nowhere.value.read()
    line.does("map", TransactionId=its_id)
    assert "nobody" in line.hears("map", State="failed")["Says"]
    assert not server.service.placed()[-1].has_ended


def test_with_real_credentials_nothing_is_played(serves: Serves, lines: Any) -> None:
    line = lines(with_map(serves, real_aws=True))
    line.does("dial", To=OURS)
    line.does("map", TransactionId=line.hears("phone", State="up")["TransactionId"])
    assert "`offhook explore --map map.html`" in line.hears("wrong")["Message"]


@pytest.mark.thorough
def test_when_the_page_has_gone_nobody_explores_any_more(serves: Serves, lines: Any) -> None:
    line = lines(server := with_map(serves))
    line.does("dial", To=COUNTS)
    line.does("map", TransactionId=line.hears("phone", State="up")["TransactionId"])
    while "paths" not in line.hears("map", State="exploring")["Says"]:
        pass
    made = atlas(server).of(server.service.placed()[-1])
    line.socket.close()
    until(lambda: made.has_failed)
    assert "nobody looks at it any more" in made.says
