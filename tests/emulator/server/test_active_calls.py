"""The quota of active calls: whoever calls when it is used up is rejected."""

import pytest

from offhook.actions import Hangup, Pause
from offhook.emulator.server.listening import Server
from offhook.emulator.service.quotas import Quotas
from tests.emulator.functions import always, error, in_turn, types
from tests.emulator.server.calls import desk, dials, rings_somebody
from tests.emulator.server.conftest import OURS, Serves, client
from tests.emulator.server.switchboard import BOTH, DEPOT, SHOP, answers
from tests.emulator.server.test_network import BRIDGE, others
from tests.patience import until

WAIT = Pause(duration_in_milliseconds=20_000)


def active_calls(number: int, **more: object) -> Quotas:
    """So many calls at a time, as fast as one likes."""
    rates = {"create_calls_per_second": 1000, "update_calls_per_second": 1000}
    return Quotas.model_validate({"active_calls": number, **rates, **more})


def test_a_caller_beyond_the_quota_is_rejected_and_no_function_is_invoked(serves: Serves) -> None:
    server = serves(always(WAIT), quotas=active_calls(2))
    first, _second = dials(server, OURS), dials(server, OURS)
    status, refused = desk(server, "POST", "/calls", {"To": OURS})
    assert status == 503
    assert "is rejected with 503: The account has 2 active calls, and 2 are allowed" in str(refused)
    server.loop.call_soon_threadsafe(first.person_hangs_up, first.legs[0])
    until(lambda: first.has_ended)
    dials(server, OURS)


def test_inbound_calls_count_when_we_call(serves: Serves) -> None:
    server = serves(always(WAIT), quotas=active_calls(1))
    voice = client(server)
    dials(server, OURS)
    with pytest.raises(voice.exceptions.ResourceLimitExceededException, match="1 active calls"):
        rings_somebody(server, voice)


def test_a_bridge_beyond_the_quota_is_not_answered(serves: Serves) -> None:
    server = serves(
        in_turn([BRIDGE.model_copy(update={"uri": "+15550100300"})], [Hangup()]),
        quotas=active_calls(1, rejected_with=486),
    )
    call = dials(server, OURS)
    until(lambda: call.has_ended)
    assert types(call.told.events)[:2] == ["NEW_INBOUND_CALL", "ACTION_FAILED"]
    assert error(call.told.events[1])[0] == "CallNotAnswered"
    assert "declines with 486" in call.ladder.render()
    said = "The account has 2 active calls, and 1 are allowed (1 of the calls that are up bridge,"
    assert said in call.ladder.render()


def test_a_loop_that_uses_the_quota_up_is_named_all_the_same(serves: Serves) -> None:
    there, back = always(BRIDGE), always(BRIDGE.model_copy(update={"uri": SHOP}))
    answers(shop=there, depot=back)
    server = serves(applications=BOTH, quotas=active_calls(5))
    call = dials(server, SHOP)
    until(lambda: "the calls so far" in ladders(server))
    assert f"(the calls so far: {SHOP} → {DEPOT} → {SHOP}" in ladders(server)
    server.loop.call_soon_threadsafe(call.person_hangs_up, call.legs[0])
    until(lambda: server.service.active_calls() == 0)


def ladders(server: Server) -> str:
    """Of all calls that are or were."""
    return "\n".join(call.ladder.render() for call in others(server))
