"""A stack has a number that the account has, or orders one, and never one that nobody asked for."""

from datetime import timedelta

import pytest

from offhook.emulator.server.listening import Server
from offhook.emulator.service.records import PhoneNumber
from offhook.provisioning.requests import PATIENCE_SECONDS
from offhook.provisioning.service import client
from tests.provisioning.cloudformation import CloudFormation
from tests.provisioning.conftest import OURS, bought


def test_a_number_that_the_account_has_is_looked_at_and_kept(
    stack: CloudFormation, server: Server
) -> None:
    made = stack.creates("PhoneNumber", PhoneNumber=OURS)
    assert (made.status, made.physical_id) == ("SUCCESS", OURS)
    assert stack.deletes("PhoneNumber", OURS, PhoneNumber=OURS).status == "SUCCESS"
    assert server.service.account.numbers == (OURS,)


@pytest.mark.parametrize(
    ("search", "begins"),
    [("US", "+1"), ("US 206", "+1206"), ("US 833", "+1833"), ("US TollFree", "+18")],
)
def test_a_new_number_is_ordered_once_and_its_id_is_the_number(
    stack: CloudFormation, server: Server, search: str, begins: str
) -> None:
    made = stack.creates("PhoneNumber", Search=search)
    assert made.status == "SUCCESS", made.reason
    assert bought(server) == [made.physical_id]
    assert made.physical_id.startswith(begins)
    assert len(server.service.account.holdings.orders) == 1


def test_one_that_was_ordered_is_released_with_its_resource(
    stack: CloudFormation, server: Server
) -> None:
    made = stack.creates("PhoneNumber", Search="US")
    assert stack.deletes("PhoneNumber", made.physical_id, Search="US").status == "SUCCESS"
    assert bought(server) == []
    assert server.service.account.holdings.numbers[made.physical_id].deletion_timestamp


def test_who_asks_for_neither_or_both_gets_none(stack: CloudFormation, server: Server) -> None:
    for said in ({}, {"PhoneNumber": OURS, "Search": "US"}, {"PhoneNumber": "", "Search": ""}):
        made = stack.asks("Create", "PhoneNumber", said)
        assert made.status == "FAILED"
        assert "give PhoneNumber, one that the account has, or Search" in made.reason
        assert stack.asks("Delete", "PhoneNumber", said, its_id=made.physical_id).status == (
            "SUCCESS"
        )
    assert bought(server) == []


@pytest.mark.parametrize("search", ["us", "US 20", "206", "US local", "US 206 "])
def test_a_search_that_is_none_says_how_one_is_written(stack: CloudFormation, search: str) -> None:
    made = stack.creates("PhoneNumber", Search=search)
    assert f"Search {search!r} is none: write a country" in made.reason


def test_where_there_is_no_number_nothing_is_ordered(stack: CloudFormation, server: Server) -> None:
    made = stack.creates("PhoneNumber", Search="DE Local")
    assert (made.status, bought(server)) == ("FAILED", [])
    assert "no number is to be had for Search 'DE Local'. Ask for another area code" in made.reason


def test_another_search_is_another_number_and_the_former_goes_afterwards(
    stack: CloudFormation, server: Server
) -> None:
    first = stack.creates("PhoneNumber", Search="US 206").physical_id
    before, after = {"Search": "US 206"}, {"Search": "US 212"}
    second = stack.asks("Update", "PhoneNumber", after, before=before, its_id=first).physical_id
    assert second.startswith("+1212")
    assert sorted(bought(server)) == sorted([first, second])
    stack.deletes("PhoneNumber", first, Search="US 206")
    assert bought(server) == [second]


def test_a_replacement_that_is_rolled_back_comes_back_to_the_first_number(
    stack: CloudFormation, server: Server
) -> None:
    first = stack.creates("PhoneNumber", Search="US 206").physical_id
    before, after = {"Search": "US 206"}, {"Search": "US 212"}
    second = stack.asks("Update", "PhoneNumber", after, before=before, its_id=first).physical_id
    back = stack.asks("Update", "PhoneNumber", before, before=after, its_id=second)
    assert back.physical_id == first
    stack.deletes("PhoneNumber", second, Search="US 212")
    assert bought(server) == [first]


def test_a_replacement_that_is_rolled_back_comes_back_whatever_the_first_number_is_called_now(
    stack: CloudFormation, server: Server
) -> None:
    first = stack.creates("PhoneNumber", Search="US 206").physical_id
    server.service.account.holdings.numbers[first].name = "Front desk"
    before, after = {"Search": "US 206"}, {"Search": "US 212"}
    second = stack.asks("Update", "PhoneNumber", after, before=before, its_id=first).physical_id
    back = stack.asks("Update", "PhoneNumber", before, before=after, its_id=second)
    assert back.physical_id == first
    stack.deletes("PhoneNumber", second, Search="US 212")
    assert bought(server) == [first]
    assert len(server.service.account.holdings.orders) == 2


def test_an_update_a_day_later_takes_no_number_that_somebody_has_named(
    stack: CloudFormation, server: Server
) -> None:
    first = stack.creates("PhoneNumber", Search="US 206").physical_id
    server.service.account.holdings.numbers[first].name = "Another line"
    before, after = {"Search": "US 206"}, {"Search": "US 212"}
    second = stack.asks("Update", "PhoneNumber", after, before=before, its_id=first).physical_id
    server.service.account.holdings.numbers[second].created_timestamp -= timedelta(days=1)
    third = stack.asks("Update", "PhoneNumber", before, before=after, its_id=second)
    assert third.physical_id not in (first, second)


def test_an_update_that_asks_for_the_same_orders_nothing_whatever_the_number_is_called_now(
    stack: CloudFormation, server: Server
) -> None:
    its_id = stack.creates("PhoneNumber", Search="US 206").physical_id
    server.service.account.holdings.numbers[its_id].name = "Front desk"
    said = {"Search": "US 206"}
    made = stack.asks("Update", "PhoneNumber", {**said, "New": 1}, before=said, its_id=its_id)
    assert (made.physical_id, bought(server)) == (its_id, [its_id])


def test_a_number_that_somebody_has_named_is_kept(stack: CloudFormation, server: Server) -> None:
    its_id = stack.creates("PhoneNumber", Search="US 206").physical_id
    server.service.account.holdings.numbers[its_id].name = "Printed on all our cars"
    assert stack.deletes("PhoneNumber", its_id, Search="US 206").status == "SUCCESS"
    assert bought(server) == [its_id]


def test_a_create_that_comes_after_its_delete_buys_nothing(
    stack: CloudFormation, server: Server
) -> None:
    its_id = stack.creates("PhoneNumber", Search="US 206").physical_id
    stack.deletes("PhoneNumber", its_id, Search="US 206")
    late = stack.creates("PhoneNumber", Search="US 206")
    assert (late.status, bought(server)) == ("FAILED", [])
    assert "Take it out of the deletion queue (RestorePhoneNumber)" in late.reason


def test_two_executions_at_one_moment_keep_one_number(
    stack: CloudFormation, server: Server
) -> None:
    its_id = stack.creates("PhoneNumber", Search="US 206").physical_id
    numbers = server.service.account.holdings.numbers
    numbers["+19175550199"] = numbers[its_id].model_copy(
        update={"e164_phone_number": "+19175550199"}
    )
    assert stack.creates("PhoneNumber", Search="US 206").physical_id == its_id
    assert bought(server) == [its_id]


def test_a_number_that_does_not_suit_a_rule_is_told_with_the_command_that_mends_it(
    stack: CloudFormation, server: Server
) -> None:
    number = server.service.account.holdings.numbers[OURS]
    number.product_type = "VoiceConnector"
    made = stack.creates("PhoneNumber", PhoneNumber=OURS)
    assert f"update-phone-number --phone-number-id {OURS} --product-type SipMedia" in made.reason
    number.deletion_timestamp = server.service.account.now().replace(year=2099)
    assert (
        "out of the deletion queue (RestorePhoneNumber)"
        in stack.creates("PhoneNumber", PhoneNumber=OURS).reason
    )
    made = stack.creates("PhoneNumber", PhoneNumber="+15550100999")
    assert "'+15550100999' is no phone number of this account" in made.reason


def test_another_order_under_way_is_waited_for(stack: CloudFormation, server: Server) -> None:
    """It may be ours, of an execution that died before the number showed."""
    client("us-east-1").create_phone_number_order(
        ProductType="SipMediaApplicationDialIn", E164PhoneNumbers=["+12065550123"]
    )
    asked: list[str] = []
    with stack.watched(lambda when, name: asked.append(name) if when == "before" else None):
        made = stack.creates("PhoneNumber", Search="US 206")
    assert made.status == "SUCCESS"
    assert asked.count("CreatePhoneNumberOrder") == 1
    assert asked[: asked.index("CreatePhoneNumberOrder")].count("ListPhoneNumberOrders") == 2
    assert len(bought(server)) == 2


@pytest.mark.parametrize("status", ["PendingDocuments", "Submitted", "ChangeRequested"])
def test_an_order_that_waits_for_somebody_is_no_reason_for_another(
    stack: CloudFormation, server: Server, status: str
) -> None:
    """It has no number yet, and may have one tomorrow."""
    holdings, events = server.service.account.holdings, client("us-east-1").meta.events

    def waits(parsed: dict[str, list[dict[str, object]]], **_: object) -> None:
        for order in parsed["PhoneNumberOrders"]:
            order["Status"] = status

    event = "after-call.chime-sdk-voice.ListPhoneNumberOrders"
    events.register(event, waits)
    stack.each = 1
    try:
        for _ in range(3):
            us = {"Search": "US 206"}
            made = stack.asks("Create", "PhoneNumber", us, waited=PATIENCE_SECONDS)
            assert made.status == "FAILED"
            assert f"is {status}" in made.reason or "is ordered" in made.reason
            holdings.numbers.clear()
    finally:
        events.unregister(event, waits)
    assert len(holdings.orders) == 1


def test_an_order_of_numbers_that_are_brought_along_is_not_waited_for(
    stack: CloudFormation,
) -> None:
    client("us-east-1").create_phone_number_order(
        ProductType="SipMediaApplicationDialIn", E164PhoneNumbers=["+12065550123"]
    )

    def is_porting(parsed: dict[str, list[dict[str, object]]], **_: object) -> None:
        parsed["PhoneNumberOrders"][0] |= {"Status": "FOC", "OrderType": "Porting"}

    event = "after-call.chime-sdk-voice.ListPhoneNumberOrders"
    client("us-east-1").meta.events.register(event, is_porting)
    try:
        assert stack.creates("PhoneNumber", Search="US 206").status == "SUCCESS"
    finally:
        client("us-east-1").meta.events.unregister(event, is_porting)


def test_a_number_that_an_order_did_not_get_is_not_ordered_again(
    stack: CloudFormation, server: Server
) -> None:
    """In the cloud somebody else may be quicker."""
    first = stack.creates("PhoneNumber", Search="US 206").physical_id
    holdings = server.service.account.holdings
    (order,) = holdings.orders.values()
    order.ordered, order.refused = [], [first]
    del holdings.numbers[first]
    second = stack.creates("PhoneNumber", Search="US 206")
    assert second.status == "SUCCESS"
    assert second.physical_id != first


def test_more_numbers_than_fit_on_a_page_are_all_seen(
    stack: CloudFormation, server: Server
) -> None:
    now = server.service.account.now()
    for last in range(150):
        said = f"+1555020{last:04}"
        server.service.account.holdings.numbers[said] = PhoneNumber(
            e164_phone_number=said, created_timestamp=now, updated_timestamp=now
        )
    assert stack.creates("PhoneNumber", PhoneNumber="+15550200149").status == "SUCCESS"
