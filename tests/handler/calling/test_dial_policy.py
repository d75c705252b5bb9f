"""Nobody is called unless the policy says so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.handler.calling.caps import Cap
from offhook.handler.calling.dial_policy import DENIED, DialPolicy, Hours
from offhook.handler.calling.environment import ledger
from offhook.handler.calling.number_plan import Number
from offhook.handler.calls import call_again, do_not_call
from offhook.handler.errors import Busy, DialRefused, LedgerFailed, NotConfigured, RequestInvalid
from tests.handler.calling.conftest import OPEN, OURS, THEIRS, Line

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
NUMBERS = st.from_regex(r"\+[1-9][0-9]{1,14}", fullmatch=True)
NEW_YORK, BERLIN = "+12125550143", "+493012345678"


def checks(policy: DialPolicy, to: str, now: datetime = NOON, **more: str) -> tuple[Cap, ...]:
    """Ask the policy for a call from our number."""
    return policy.check(to=to, from_=OURS, now=now, **more)


def reads(**said: str) -> DialPolicy:
    """A policy that the environment says, from our number all day long."""
    variables = {"FROM": OURS, "HOURS": "00:00-00:00", "TIME_ZONE": "UTC", **said}
    return DialPolicy.from_environment({f"OFFHOOK_DIAL_{k}": v for k, v in variables.items()})


@given(NUMBERS)
def test_closed_unless_opened(number: str) -> None:
    with pytest.raises(DialRefused):
        checks(DialPolicy.from_environment({}), number)


@given(NUMBERS, NUMBERS.map(lambda number: number[:5]))
def test_only_what_begins_like_a_destination_is_dialled(number: str, prefix: str) -> None:
    policy = DialPolicy(destinations=(prefix,), from_numbers=(OURS,), denied=())
    try:
        policy.check_number(number)
    except DialRefused:
        return
    assert number.startswith(prefix)
    assert len(number) >= 9 or Number.read(number).kind != "UNKNOWN"  # short ones that a plan has


@pytest.mark.parametrize("prefix", DENIED)
def test_satellites_and_the_like_are_denied_within_a_destination(prefix: str) -> None:
    policy = DialPolicy(destinations=(prefix,))
    with pytest.raises(DialRefused, match="OFFHOOK_DIAL_DENIED"):
        policy.check_number(f"{prefix}12345678")


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("+19005550143", "PREMIUM_RATE"),
        ("+18765550143", "allows US, DE"),  # Jamaica, which is +1 as well
        ("+442071838750", "allows US, DE"),
        ("+911", "emergency"),
        ("+49112", "emergency"),
    ],
)
def test_countries_are_more_than_prefixes(number: str, why: str) -> None:
    with pytest.raises(DialRefused, match=why):
        checks(reads(DESTINATIONS="US,DE"), number)


@pytest.mark.parametrize(
    "number",
    ["+4990011234567", "+4911899000", "+49190112345", "+49137812345678", "+338991234567"],
)
def test_no_digit_more_or_less_makes_a_dear_number_a_cheap_one(number: str) -> None:
    with pytest.raises(DialRefused):
        checks(reads(DESTINATIONS="DE,FR"), number)


@pytest.mark.parametrize("number", ["+490301234567", "+121255501439999"])
def test_one_telephone_has_one_number(number: str) -> None:
    with pytest.raises(DialRefused, match="digits too many or too few"):
        checks(reads(DESTINATIONS="+49,+1212"), number)


def test_a_country_is_reached() -> None:
    assert len(checks(reads(DESTINATIONS="US, DE"), NEW_YORK)) == 3
    assert len(checks(reads(DESTINATIONS="US, DE"), BERLIN)) == 3


def test_only_our_numbers_are_shown() -> None:
    with pytest.raises(DialRefused, match="OFFHOOK_DIAL_FROM"):
        checks(reads(DESTINATIONS="US", FROM="+15550100109"), NEW_YORK)


@pytest.mark.parametrize(
    ("to", "at", "rings"),
    [
        (NEW_YORK, "2026-06-01T12:00", True),  # 8:00 there
        (NEW_YORK, "2026-06-01T11:59", False),
        (NEW_YORK, "2026-06-02T00:59", True),  # 20:59 there
        (NEW_YORK, "2026-06-02T01:00", False),
        (BERLIN, "2026-06-01T06:00", True),
        (BERLIN, "2026-01-01T06:30", False),  # winter: 7:30 there
    ],
)
def test_people_are_called_by_day_where_they_are(to: str, at: str, rings: bool) -> None:
    policy = reads(DESTINATIONS="US,DE", HOURS="08:00-21:00", TIME_ZONE="")
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    if rings:
        checks(policy, to, moment)
    else:
        with pytest.raises(DialRefused, match="OFFHOOK_DIAL_HOURS is 08:00-21:00") as caught:
            checks(policy, to, moment)
        later = moment + timedelta(seconds=caught.value.retry_after_seconds or 0)
        checks(policy, to, later)
        with pytest.raises(DialRefused):
            checks(policy, to, later - timedelta(seconds=1))


def test_where_nobody_knows_the_time_nobody_is_called() -> None:
    policy = reads(DESTINATIONS="+1555010", TIME_ZONE="")
    with pytest.raises(DialRefused, match="give time_zone with the request"):
        checks(policy, THEIRS)
    checks(policy, THEIRS, time_zone="Europe/Berlin")
    with pytest.raises(RequestInvalid, match="there is no 'Mars/Olympus'"):
        checks(policy, THEIRS, time_zone="Mars/Olympus")


def test_whoever_asks_does_not_move_the_callee_elsewhere() -> None:
    policy = reads(DESTINATIONS="US", HOURS="08:00-21:00")
    night = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)  # 4:00 in New York
    with pytest.raises(DialRefused, match="America/New_York"):
        checks(policy, NEW_YORK, night, time_zone="Europe/Berlin")
    anywhere = "+18005550143"
    with pytest.raises(DialRefused, match="OFFHOOK_DIAL_HOURS"):
        checks(policy, anywhere, NOON)
    checks(policy, anywhere, NOON, time_zone="America/New_York")  # it tells which of many it is


def test_a_cap_of_nothing_allows_nothing() -> None:
    for name in ("PER_DESTINATION", "PER_CALLER", "PER_DAY"):
        with pytest.raises(DialRefused, match=name):
            checks(reads(DESTINATIONS="US", **{name: "0"}), NEW_YORK)


@given(st.times(), st.times(), st.times())
def test_hours_and_their_opposite_make_a_day(start: time, end: time, at: time) -> None:
    day, night = Hours(start=start, end=end), Hours(start=end, end=start)
    assert day.holds(at) or night.holds(at)
    assert start == end or day.holds(at) != night.holds(at)


@pytest.mark.parametrize(
    ("name", "said", "why"),
    [
        ("DESTINATIONS", "+1", "several countries"),
        ("DESTINATIONS", "us", "is no country, as in US, and no prefix"),
        ("DESTINATIONS", "XX", "there is no country XX"),
        ("DESTINATIONS", "+49x", "is no country"),
        ("DESTINATIONS", "+4", "no whole country code"),
        ("DESTINATIONS", "+35", "no whole country code"),
        ("DENIED", "0900", "no prefix with a country's code"),
        ("HOURS", "8-21h", "write 08:00-21:00"),
        ("HOURS", "08:00Z-21:00", "write 08:00-21:00"),
        ("TIME_ZONE", "localtime", "write one as in Europe/Berlin"),
        ("TIME_ZONE", "Berlin", "write one as in Europe/Berlin"),
        ("PER_DAY", "many", "write a whole number"),
        ("PER_DAY", "-1", "write a whole number"),
    ],
)
def test_a_setting_that_cannot_be_read_says_what_to_write(name: str, said: str, why: str) -> None:
    with pytest.raises(NotConfigured, match=why):
        reads(**{name: said})


def test_a_number_is_called_so_often_in_a_day(line: Line) -> None:
    caller = line.caller(replace(OPEN, per_destination=2))
    line.starts("one", by=caller)
    line.starts("two", by=caller)
    with pytest.raises(DialRefused, match="called 2 times in 24 hours"):
        line.starts("three", by=caller)
    line.starts("other", by=caller, to_phone_number="+15550100198")
    line.clock.at += 86_400
    line.starts("three", by=caller)
    assert line.placed == 4


def test_no_midnight_forgets_who_was_called(line: Line) -> None:
    caller = line.caller(replace(OPEN, per_destination=2))
    line.clock.at = datetime(2026, 6, 1, 23, 0, tzinfo=UTC).timestamp()
    line.starts("one", by=caller)
    line.clock.at += 7200  # it is another day
    line.starts("two", by=caller)
    with pytest.raises(DialRefused, match="2 times in 24 hours") as caught:
        line.starts("three", by=caller)
    wait = caught.value.retry_after_seconds or 0
    assert wait == pytest.approx(22 * 3600, abs=5)
    line.clock.at += wait - 10
    with pytest.raises(DialRefused, match="2 times in 24 hours"):
        line.starts("three", by=caller)
    line.clock.at += 20
    line.starts("three", by=caller)
    with pytest.raises(DialRefused, match="2 times in 24 hours"):
        line.starts("four", by=caller)
    assert line.placed == 3


def test_what_was_refused_does_not_count(line: Line) -> None:
    caller = line.caller(replace(OPEN, per_destination=1))
    line.fails("BadRequestException")
    with pytest.raises(Exception, match="BadRequestException"):
        line.starts("one", by=caller)
    line.starts("one", by=caller)
    assert line.placed == 1


def test_what_we_deny_is_denied_beside_the_satellites() -> None:
    policy = reads(DESTINATIONS="US", DENIED="+1212")
    with pytest.raises(DialRefused, match="OFFHOOK_DIAL_DENIED"):
        checks(policy, NEW_YORK)
    with pytest.raises(DialRefused, match="OFFHOOK_DIAL_DENIED"):
        checks(policy, "+881612345678")


def test_only_a_number_can_be_on_the_list() -> None:
    for number in ("+1 555 010 0199", "5550100199", ""):
        with pytest.raises(RequestInvalid, match=r"E\.164"):
            do_not_call(number)


def test_who_does_not_want_to_be_called_is_not(line: Line) -> None:
    line.ledger.stop(THEIRS)
    with pytest.raises(DialRefused, match="do-not-call list"):
        line.starts()
    line.ledger.go(THEIRS)
    line.starts()
    assert line.placed == 1


@pytest.mark.parametrize("change", [do_not_call, call_again])
def test_the_list_waits_for_a_dial_that_looks_at_it(
    line: Line, change: Callable[[str], None]
) -> None:
    refused: list[str] = []

    def conflict(request: "AWSPreparedRequest", **_said: object) -> None:
        if len(refused) < 3:
            refused.append(request.url)
            raise ledger().table.client.exceptions.TransactionConflictException({}, "a write")

    events = ledger().table.client.meta.events
    for operation in ("UpdateItem", "DeleteItem"):
        events.register(f"before-send.dynamodb.{operation}", conflict)
    change(THEIRS)
    assert len(refused) == 3
    if change is do_not_call:
        with pytest.raises(DialRefused, match="do-not-call list"):
            line.starts()


@pytest.mark.parametrize("change", [do_not_call, call_again])
def test_a_list_out_of_reach_says_so(
    environment: pytest.MonkeyPatch, change: Callable[[str], None]
) -> None:
    environment.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")
    with pytest.raises(LedgerFailed, match="EndpointConnectionError"):
        change(THEIRS)


def test_as_many_calls_are_up_as_may_be(line: Line) -> None:
    caller = line.caller(calls_up=2)
    line.starts("one", by=caller)
    line.starts("two", by=caller)
    with pytest.raises(Busy, match="2 calls are up") as caught:
        line.starts("three", by=caller)
    assert caught.value.retry_after_seconds == 30
    line.until("answered", "one")
    line.until("answered", "two")
    line.hangs_up()
    line.until("ended", "one")
    line.starts("three", by=caller)


def test_a_call_of_whose_end_nobody_told_does_not_count_for_ever(line: Line) -> None:
    caller = line.caller(calls_up=1)
    line.fails("ServiceFailureException")
    with pytest.raises(Exception, match="nobody knows"):
        line.starts("lost", by=caller)
    with pytest.raises(Busy):
        line.starts("next", by=caller)
    line.clock.at += 5 * 3600
    line.starts("next", by=caller)
