"""Keys are everybody's or, with `OFFHOOK_KEYS=own`, of who asks."""

import re
from typing import cast

import pytest

from offhook.handler import trigger
from tests.handler.calling.conftest import OURS, THEIRS, Line
from tests.handler.calling.executions import Asks, Context
from tests.handler.calling.test_live import ADA, BO, found
from tests.patience import until

CALL = {"to_phone_number": THEIRS, "from_phone_number": OURS}
ROLE = "arn:aws:sts::123456789012:assumed-role"


@pytest.fixture
def own(url: Asks, environment: pytest.MonkeyPatch) -> Asks:
    environment.setenv("OFFHOOK_KEYS", "own")
    return url


def asks(arn: str) -> Asks:
    """Somebody who may use the function URL."""
    somebody = Asks()
    somebody.arn = arn
    return somebody


def keys(told: object) -> list[str]:
    """Of the calls in an answer."""
    calls = cast("dict[str, list[dict[str, str]]]", told)["calls"]
    return [call["key"] for call in calls]


@pytest.mark.usefixtures("own")
def test_two_askers_with_one_key_have_a_call_each(line: Line) -> None:
    clinic, shop = asks(f"{ROLE}/clinic/i-1"), asks(f"{ROLE}/shop/i-1")
    first = clinic("PUT", "a-1", CALL)[1]
    assert first["key"] == "a-1"
    assert shop("GET", "a-1")[0] == 404
    assert shop("DELETE", "a-1")[1]["outcome"] == "cancelled before it was started"
    assert clinic("GET", "a-1")[1]["is_cancelled"] is False
    assert shop("PUT", "a-1", CALL)[1]["state"] == "cancelled"
    second = shop("PUT", "a-2", CALL | {"arguments_map": {"name": "Bo"}})[1]
    assert second["transaction_id"] != first["transaction_id"]
    assert clinic("PUT", "a-2", CALL)[1]["transaction_id"] != second["transaction_id"]
    assert line.placed == 3


@pytest.mark.usefixtures("own")
def test_a_role_is_the_same_in_all_its_sessions(line: Line) -> None:
    first = asks(f"{ROLE}/clinic/i-1")("PUT", "a-1", CALL)[1]
    again = asks(f"{ROLE}/clinic/i-2")("PUT", "a-1", CALL)[1]
    assert again["transaction_id"] == first["transaction_id"]
    asks(f"{ROLE}/clinic-night/i-1")("PUT", "a-1", CALL)
    assert line.placed == 2


@pytest.mark.usefixtures("own")
def test_what_a_call_tells_of_itself_is_known_to_who_asked_for_it(line: Line) -> None:
    clinic = asks(f"{ROLE}/clinic/i-1")
    clinic("PUT", "a-1", CALL)
    line.hears("answered")
    assert clinic("PATCH", "a-1", {"arguments": {"name": "noon"}})[0] == 200
    line.hears("update noon")
    line.hangs_up()
    until(lambda: clinic("GET", "a-1")[1]["state"] == "ended")
    assert clinic("GET", "a-1")[1]["outcome"] == "completed"


@pytest.mark.usefixtures("own")
def test_nobody_is_told_of_others_calls(line: Line) -> None:
    clinic, shop = asks(f"{ROLE}/clinic/i-1"), asks(f"{ROLE}/shop/i-1")
    for number in range(3):
        clinic("PUT", f"a-{number}", CALL | {"batch": "monday"})
    shop("PUT", "b-1", CALL | {"to_phone_number": BO, "batch": "monday"})
    caller = f"in:{line.comes_in(ADA)}"
    told = clinic.path("GET", "/calls?batch=monday&limit=2")[1]
    assert keys(told) == ["a-0", "a-1"]
    assert keys(clinic.path("GET", f"/calls?batch=monday&next={told['next']}")[1]) == ["a-2"]
    assert keys(shop.path("GET", "/calls?batch=monday")[1]) == ["b-1"]
    line.hears("answered")
    assert found(shop, THEIRS) == []
    assert found(shop, BO) == ["b-1"]
    assert found(shop, ADA) == [caller]  # who called us is nobody's
    assert shop("PATCH", caller, {"arguments": {"name": "hello"}})[0] == 200
    line.hears("update hello")


@pytest.mark.usefixtures("own")
def test_an_error_names_the_key_as_it_was_asked_for(line: Line, own: Asks) -> None:
    told = own("GET", "a-1")[1]
    assert str(told["message"]).startswith("no call was started with the key a-1,")
    assert own("GET", "a" * 112)[0] == 400  # 16 letters and a colon stand before it
    assert own("GET", "")[0] == 405
    assert line.placed == 0


@pytest.mark.usefixtures("own")
def test_who_is_not_asked_by_url_writes_keys_whole(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="offhook")
    clinic = asks(f"{ROLE}/clinic/i-1")
    clinic("PUT", "a-1", CALL)
    trigger.lambda_handler({"operation": "start", "key": "a-1", **CALL}, Context())
    assert line.placed == 2
    whole = re.search(r"[a-z]{16}:a-1", caplog.text)
    assert whole is not None
    told = trigger.lambda_handler({"operation": "cancel", "key": whole[0]}, Context())
    assert told["is_cancelled"] is True
    assert clinic("GET", "a-1")[1]["is_cancelled"] is True


@pytest.mark.usefixtures("own")
def test_all_whom_nothing_names_are_one(line: Line, own: Asks) -> None:
    own("PUT", "a-1", CALL)
    unnamed = asks("")
    assert unnamed("GET", "a-1")[0] == 404
    unnamed("PUT", "a-1", CALL)
    assert asks("")("GET", "a-1")[0] == 200
    assert line.placed == 2


def test_keys_are_shared_unless_it_is_said(line: Line, url: Asks) -> None:
    first = asks(f"{ROLE}/clinic/i-1")("PUT", "a-1", CALL)[1]
    assert url("PUT", "a-1", CALL)[1]["transaction_id"] == first["transaction_id"]
    assert line.placed == 1


def test_what_is_neither_is_said(line: Line, url: Asks, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("OFFHOOK_KEYS", "mine")
    status, told = url("PUT", "a-1", CALL)
    assert (status, told["error"]) == (500, "NotConfigured")
    assert told["message"] == "OFFHOOK_KEYS is 'mine': write own, or shared"
    assert line.placed == 0
