"""What a caller notices of the settings of calls: how they begin, go on and end."""

from offhook.actions import Hangup, Pause, Speak
from offhook.emulator.testing import Agent
from tests.emulator.functions import always, in_turn, legs, parameters, statuses, types
from tests.emulator.settings_stories.decides import BRIDGE, LONG, Answered, decides


@decides({"drop": (0, 0), "ring": (1, 30)})
def empty_reply_to_new_inbound_call(answered_by: Answered) -> object:
    call = answered_by(always()).dials()
    call.ends()
    return types(call.events).count("HANGUP"), call.ladder.entries[-1].time


@decides({30.0: 30, 12.5: 12.5})
def unanswered_seconds(answered_by: Answered) -> object:
    call = answered_by(in_turn([Pause(duration_in_milliseconds=100)])).dials()
    call.ends()
    return call.ladder.entries[-1].time


@decides({60.0: 60, 12.5: 12.5})
def outbound_ring_seconds(answered_by: Answered) -> object:
    call = answered_by(always()).rings()
    call.ends()
    return call.ladder.entries[-1].time


@decides({True: [None, "Connected"], False: [None, None]})
def pause_answers(answered_by: Answered) -> object:
    call = answered_by(in_turn([Pause(duration_in_milliseconds=100)])).dials()
    call.waits(1)
    return list(statuses(call.events))


@decides({"hangup": ["HANGUP"], "action_successful_then_hangup": ["ACTION_SUCCESSFUL", "HANGUP"]})
def hangup_of_the_only_leg(answered_by: Answered) -> object:
    call = answered_by(in_turn([Speak(text="Bye."), Hangup()])).dials()
    call.hears("Bye.")
    call.ends()
    return types(call.events)[1:]


@decides(
    {
        "action_successful_then_hangup": ["ACTION_SUCCESSFUL", "HANGUP"],
        "hangup_then_action_successful": ["HANGUP", "ACTION_SUCCESSFUL"],
        "hangup": ["HANGUP"],
    }
)
def hangup_of_leg_b(answered_by: Answered) -> object:
    phone = answered_by(in_turn([BRIDGE], [Hangup(participant_tag="LEG-B")]))
    ben = phone.person("+15550100300")
    call = phone.dials()
    ben.answers()
    call.waits(1)
    return types(call.events)[2:]


@decides({"action_then_hangup": ["ACTION_SUCCESSFUL", "HANGUP"], "hangup": ["HANGUP"]})
def caller_leaves_during_an_action(answered_by: Answered) -> object:
    call = answered_by(in_turn([LONG])).dials()
    call.waits(1)
    call.hangs_up()
    call.ends()
    return types(call.events)[1:]


@decides({"dropped": 0, "goes_on": 1})
def list_after_its_leg_left(answered_by: Answered) -> object:
    to_both = [LONG.model_copy(update={"participant_tag": "LEG-B"}), Speak(text="To you.")]
    phone = answered_by(in_turn([BRIDGE], to_both))
    ben = phone.person("+15550100300")
    call = phone.dials()
    ben.answers()
    ben.waits(1)
    ben.hangs_up()
    call.waits(10)
    return call.heard


@decides({"invalid_lambda_response": ["INVALID_LAMBDA_RESPONSE"], "hang_up": []})
def bad_reply(answered_by: Answered) -> object:
    call = answered_by(in_turn([Speak(text="Hello.")], 7)).dials()
    call.hears("Hello.")
    call.waits(1)
    assert call.is_over == (len(call.events) == 2)
    return types(call.events)[2:]


@decides({"drop": 1, "next_target": 2})
def function_error(answered_by: Answered) -> object:
    phone = answered_by(in_turn(ValueError("no"), [Speak(text="Hello."), Hangup()]))
    account = phone.service.account
    (rule_id,) = account.holdings.rules
    rule = account.rule(rule_id)
    (first,) = rule.target_applications
    rule.target_applications = [first, first.model_copy(update={"Priority": 2})]
    call = phone.dials()
    call.settles()
    return len(call.events)


@decides({True: ["HANGUP"], False: []})
def hangup_event_after_a_drop(answered_by: Answered) -> object:
    call = answered_by(in_turn([Speak(text="Hello.")], None)).dials()
    call.hears("Hello.")
    call.ends()
    told = call.events[2:]
    assert [parameters(event)["SipResponseCode"] for event in told] == [480] * len(told)
    return types(told)


@decides({1000: 1000, 3: 3})
def max_invocations(answered_by: Answered) -> object:
    call = answered_by(always(Speak(text="Hello."))).dials()
    call.settles()
    return len(call.events)


@decides({True: {"X-Given-Back": "desk"}, False: None})
def bye_headers_are_told(answered_by: Answered) -> object:
    phone = answered_by(in_turn([BRIDGE]))
    phone.at(BRIDGE.uri, Agent(turns=[{"X-Given-Back": "desk"}]))
    call = phone.dials()
    call.waits(3)
    assert types(call.events)[-1] == "HANGUP"
    return legs(call.events[-1])[1].get("SipHeaders")
