"""Several applications on one desk: they call each other, and stand in for each other.

About `offhook.emulator.service.network`, `offhook.emulator.service.ways`.
"""

from typing import cast

import pytest

from offhook.actions import CallAndBridge, Hangup, SendDigits, Speak, SpeakAndGetDigits
from offhook.emulator.call.call import Call
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import SipMediaApplication
from tests.emulator.functions import (
    Event,
    Function,
    action_data,
    details,
    in_turn,
    legs,
    parameters,
    reply,
    types,
)
from tests.emulator.server.calls import call_of, desk, dials, rings_somebody
from tests.emulator.server.conftest import THEIRS, Serves, client
from tests.emulator.server.switchboard import BOTH, DEPOT, NOWHERE, SHOP, answers
from tests.patience import until

MENU = SpeakAndGetDigits(
    text="Press 1.",
    failure_text="Sorry?",
    max_number_of_digits=1,
    repeat_duration_in_milliseconds=3_000,
)
BRIDGE = CallAndBridge(caller_id_number=SHOP, uri=DEPOT, call_timeout_seconds=10)
HOST = "abcdefghij0123456789ab.voiceconnector.chime.aws"


def bridges(bridge: CallAndBridge) -> Function:
    """Bridge a call; when that fails, hang up."""

    def function(event: object, _context: object) -> object:
        is_new = cast("Event", event)["InvocationEventType"] == "NEW_INBOUND_CALL"
        return reply(bridge if is_new else Hangup())

    return function


def others(server: Server, *calls: Call) -> list[Call]:
    """The calls there are or were besides these."""
    service = server.service
    return [c for c in (*list(service.ended), *list(service.calls.values())) if c not in calls]


def test_a_bridge_to_a_number_of_ours_rings_its_application(serves: Serves) -> None:
    def shop(told: object, _context: object) -> object:
        event = cast("Event", told)
        if event["InvocationEventType"] == "ACTION_SUCCESSFUL" and len(legs(event)) == 2:
            press = SendDigits(call_id=str(legs(event)[1]["CallId"]), digits="1")
            return reply(*([press] if action_data(event)["Type"] == "CallAndBridge" else []))
        return reply(*([BRIDGE] if event["InvocationEventType"] == "NEW_INBOUND_CALL" else []))

    answers(shop=shop, depot=in_turn([MENU], [Hangup()]))
    server = serves(applications=BOTH)
    call = dials(server, SHOP)
    until(lambda: len(others(server, call)) == 1)
    (depot,) = others(server, call)
    until(lambda: depot.has_ended)
    assert types(depot.told.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL", "HANGUP"]
    assert (depot.legs[0].from_, depot.legs[0].to) == (SHOP, DEPOT)
    until(lambda: "HANGUP" in types(call.told.events))
    assert parameters(call.told.events[-1])["ParticipantTag"] == "LEG-B"
    assert [prompt.clip.text for prompt in call.legs[0].prompts] == ["Press 1."]


def test_a_call_of_ours_to_a_number_of_ours_is_answered_by_its_application(serves: Serves) -> None:
    answers(shop=in_turn([], [], []), depot=in_turn([Speak(text="Depot."), Hangup()]))
    server = serves(applications=BOTH)
    call = rings_somebody(server, client(server), DEPOT)
    until(lambda: call.has_ended)
    assert types(call.told.events) == ["NEW_OUTBOUND_CALL", "RINGING", "CALL_ANSWERED", "HANGUP"]
    assert "says “Depot.”" in call.ladder.render()


def test_the_headers_of_a_call_of_ours_are_seen_by_the_application_it_calls(
    serves: Serves,
) -> None:
    answers(depot=in_turn([Speak(text="Depot."), Hangup()]))
    server = serves(applications=BOTH)
    voice = client(server)
    shop = voice.list_sip_rules()["SipRules"][0].get("TargetApplications", [])[0]
    made = voice.create_sip_media_application_call(
        FromPhoneNumber=SHOP,
        ToPhoneNumber=DEPOT,
        SipMediaApplicationId=shop.get("SipMediaApplicationId", ""),
        SipHeaders={"X-Order": "17"},
    )
    call = call_of(server, made["SipMediaApplicationCall"].get("TransactionId", ""))
    until(lambda: call.has_ended)
    (depot,) = others(server, call)
    assert [leg.get("SipHeaders") for leg in legs(depot.told.events[0])] == [{"X-Order": "17"}]
    assert all("SipHeaders" not in leg for leg in legs(call.told.events[-1]))


def test_who_hangs_up_on_one_side_has_hung_up_on_the_other(serves: Serves) -> None:
    answers(shop=in_turn([BRIDGE], [Hangup()]), depot=in_turn([MENU]))
    server = serves(applications=BOTH)
    call = dials(server, SHOP)
    until(lambda: call.is_over or len(others(server, call)) == 1)
    (depot,) = others(server, call)
    until(lambda: call.legs[0].is_gone)
    server.loop.call_soon_threadsafe(call.person_hangs_up, call.legs[-1])
    until(lambda: depot.has_ended)


def test_a_call_that_comes_back_to_itself_is_cut_and_the_way_is_named(serves: Serves) -> None:
    there, back = bridges(BRIDGE), bridges(BRIDGE.model_copy(update={"uri": SHOP}))
    answers(shop=there, depot=back)
    server = serves(applications=BOTH)
    call = dials(server, SHOP)
    until(lambda: call.has_ended)
    ladders = "\n".join(each.ladder.render() for each in others(server))
    assert f"a loop, cut after 10 applications: {SHOP} → {DEPOT} → {SHOP} → {DEPOT}" in ladders
    assert len(others(server)) == 10


@pytest.mark.parametrize("shop", [NOWHERE, "no-module-of-this-name:function"])
def test_the_next_target_takes_a_call_that_the_first_cannot(serves: Serves, shop: str) -> None:
    answers(depot=in_turn([Speak(text="Depot."), Hangup()]))
    first = SipMediaApplication(name="shop", numbers=(SHOP,), function=shop)
    rule = {"name": "shop first", "trigger": SHOP, "sip_media_applications": ["shop", "depot"]}
    server = serves(applications=(first, BOTH[1]), sip_rules=[rule])
    call = dials(server, SHOP)
    until(lambda: call.has_ended)
    assert "the rule's next target takes the call" in call.ladder.render()
    (_, depot) = server.service.account.holdings.applications
    assert {details(event)["SipMediaApplicationId"] for event in call.told.events} == {depot}


def test_a_host_of_a_voice_connector_reaches_the_application_of_its_rule(serves: Serves) -> None:
    answers(depot=in_turn([Speak(text="Depot."), Hangup()]))
    rule = {"name": "service", "trigger": HOST, "sip_media_applications": ["depot"]}
    server = serves(applications=BOTH, sip_rules=[rule])
    call = dials(server, "+15550107777", Host=HOST, SipHeaders={"X-Desk": "7", "Via": "none"})
    until(lambda: call.has_ended)
    assert call.legs[0].sip_headers == {"X-Desk": "7"}
    assert [prompt.clip.text for prompt in call.legs[0].prompts] == ["Depot."]


def test_nobody_answers_a_number_whose_rule_is_disabled(serves: Serves) -> None:
    server = serves(applications=BOTH)
    voice = client(server)
    for rule in voice.list_sip_rules()["SipRules"]:
        its_id, name = rule.get("SipRuleId", ""), rule.get("Name", "")
        voice.update_sip_rule(SipRuleId=its_id, Name=name, Disabled=True)
    status, refused = desk(server, "POST", "/calls", {"To": SHOP})
    assert (status, "no enabled SIP rule has the trigger" in str(refused)) == (400, True)
    answers(shop=in_turn([], [], []))
    call = rings_somebody(server, voice, DEPOT)
    until(lambda: call.has_ended)
    assert parameters(call.told.events[-1])["SipResponseCode"] == 404


def test_an_application_whose_function_is_not_at_the_desk_says_what_to_write(
    serves: Serves,
) -> None:
    server = serves(applications=BOTH)
    voice = client(server)
    arn = "arn:aws:lambda:us-east-1:123456789012:function:orders"
    made = voice.create_sip_media_application(
        AwsRegion="us-east-1", Name="orders", Endpoints=[{"LambdaArn": arn}]
    )["SipMediaApplication"]
    transaction = voice.create_sip_media_application_call(
        FromPhoneNumber=SHOP,
        ToPhoneNumber=THEIRS,
        SipMediaApplicationId=made.get("SipMediaApplicationId", ""),
    )["SipMediaApplicationCall"]
    call = call_of(server, transaction.get("TransactionId", ""))
    until(lambda: call.has_ended)
    assert 'write into [tool.offhook.functions] orders = "module:function"' in call.ladder.render()


def test_the_headers_of_a_bridge_are_seen_by_the_application_it_calls(serves: Serves) -> None:
    bridge = BRIDGE.model_copy(update={"sip_headers": {"X-Order": "17"}})
    answers(shop=bridges(bridge), depot=in_turn([Hangup()]))
    server = serves(applications=BOTH)
    call = dials(server, SHOP)
    until(lambda: call.has_ended)
    (depot,) = others(server, call)
    assert [leg.get("SipHeaders") for leg in legs(depot.told.events[0])] == [{"X-Order": "17"}]
    assert all("SipHeaders" not in leg for leg in legs(call.told.events[-1]))
