"""The desk by hand, over HTTP: what tests in other languages use.

About `offhook.emulator.server.desk.breaking`, `offhook.emulator.server.desk.calls`,
`offhook.emulator.server.desk.endpoint`, `offhook.emulator.server.desk.far_ends`,
`offhook.emulator.server.desk.legs`, `offhook.emulator.server.desk.routes`.
"""

from functools import partial

import pytest

from offhook.actions import CallAndBridge, Hangup, Speak, SpeakAndGetDigits, StartBotConversation
from offhook.emulator.call.call import Call
from offhook.emulator.server.listening import Server
from offhook.emulator.testing import NeverAnswers
from tests.emulator.functions import action_data, error, in_turn, parameters, types
from tests.emulator.server.calls import desk, dials, rings_somebody
from tests.emulator.server.conftest import OURS, THEIRS, Serves, client
from tests.patience import until

MENU = SpeakAndGetDigits(
    text="Press 1 and 2.",
    failure_text="Sorry?",
    max_number_of_digits=2,
    repeat_duration_in_milliseconds=3_000,
)


def test_somebody_dials_hears_presses_and_hangs_up(serves: Serves) -> None:
    server = serves(in_turn([MENU], [Speak(text="Thank you.")]))
    status, call = desk(server, "POST", "/calls", {"From": THEIRS})
    assert status == 201
    leg = f"/calls/{call['TransactionId']}/legs/LEG-A"
    status, heard = desk(server, "GET", f"{leg}/hears")
    assert (status, heard["Text"], heard["IsOver"]) == (200, "Press 1 and 2.", False)
    assert desk(server, "POST", leg, {"Do": "press", "Keys": "12"})[0] == 200
    status, heard = desk(server, "GET", f"{leg}/hears?after=1")
    assert (status, heard["Text"]) == (200, "Thank you.")
    status, shown = desk(server, "POST", leg, {"Do": "hang_up"})
    assert (shown["IsOver"], shown["Legs"][0]["Status"]) == (True, "Disconnected")
    status, refused = desk(server, "POST", leg, {"Do": "hang_up"})
    assert status == 409
    assert "LEG-A must be on the line" in refused["Message"]


def test_a_call_shows_its_events_replies_and_ladder(serves: Serves) -> None:
    server = serves(in_turn([Speak(text="Hello."), Hangup()]))
    call = dials(server, OURS)
    until(lambda: call in server.service.ended)
    path = f"/calls/{call.transaction_id}"
    _, shown = desk(server, "GET", path)
    assert types(shown["Events"]) == ["NEW_INBOUND_CALL", "HANGUP"]
    assert shown["Replies"][0]["Actions"][0]["Type"] == "Speak"
    _, ladder = desk(server, "GET", f"{path}/ladder")
    assert ladder.splitlines() == [f"  {line}" for line in shown["Ladder"]]
    assert [one["TransactionId"] for one in desk(server, "GET", "/calls")[1]] == [path[7:]]


def test_the_far_end_answers_or_declines_when_told(serves: Serves) -> None:
    server = serves(in_turn([], [], []))
    server.service.default_far_end = NeverAnswers()

    def replied(call: Call, times: int) -> bool:
        return len(call.told.replies) == times

    for deed, event in (("answer", "CALL_ANSWERED"), ("decline", "HANGUP")):
        call = rings_somebody(server, client(server))
        until(partial(replied, call, 2))
        path = f"/calls/{call.transaction_id}/legs/LEG-A"
        assert desk(server, "POST", path, {"Do": deed})[0] == 200
        until(partial(replied, call, 3))
        assert types(call.told.events)[-1] == event


def test_whoever_a_bridge_rings_can_be_answered_for(serves: Serves) -> None:
    bridge = CallAndBridge(caller_id_number=OURS, uri="+15550107777", call_timeout_seconds=20)
    server = serves(in_turn([bridge], []))
    server.service.default_far_end = NeverAnswers()
    call = dials(server, OURS)
    path = f"/calls/{call.transaction_id}"
    until(lambda: len(desk(server, "GET", path)[1]["Legs"]) == 2)
    assert desk(server, "GET", path)[1]["Legs"][1]["Status"] == "Ringing"
    desk(server, "POST", f"{path}/legs/LEG-B", {"Do": "answer"})
    until(lambda: len(call.legs) == 2)
    desk(server, "POST", f"{path}/legs/LEG-B", {"Do": "say", "Words": "Hello?"})
    _, heard = desk(server, "GET", f"{path}/legs/LEG-A/hears")
    assert heard["Text"] == "Hello?"


def test_a_far_end_is_put_at_a_number(serves: Serves) -> None:
    server = serves(in_turn([], []))
    gone = {"Is": "Rejects", "SipResponseCode": 404}
    status, _ = desk(server, "PUT", "/far-ends/+15550107777", gone)
    assert status == 200
    call = rings_somebody(server, client(server), "+15550107777")
    until(lambda: call.has_ended)
    assert parameters(call.told.events[-1])["SipResponseCode"] == 404


BOT = "arn:aws:lex:us-east-1:123456789012:bot-alias/BOOKS/PROD"


def test_a_bot_is_scripted_and_scripted_anew(serves: Serves) -> None:
    talk = StartBotConversation(bot_alias_arn=BOT)
    server = serves(in_turn([talk], [talk], [Hangup()]))
    books = {"Intent": "BookRoom", "Slots": {"Nights": "2"}, "Seconds": 0}
    asked = {"BotAliasArn": BOT, "Intent": "BookRoom"}
    assert desk(server, "PUT", f"/bots/{BOT}", books) == (200, asked)
    call = dials(server, OURS)
    until(lambda: call.has_ended)
    result = str(action_data(call.told.events[1])["IntentResult"])
    assert "'Name': 'BookRoom'" in result
    assert "'InterpretedValue': '2'" in result


def test_an_action_fails_on_purpose(serves: Serves) -> None:
    server = serves(in_turn([Speak(text="Hello.")], [Hangup()]))
    asked = {"Action": "Speak", "ErrorType": "AccessDenied"}
    assert desk(server, "POST", "/action-failures", asked)[0] == 201
    call = dials(server, OURS)
    until(lambda: call.has_ended)
    assert error(call.told.events[1]) == ("AccessDenied", "On purpose.")


def test_failures_are_listed_and_taken_back(server: Server) -> None:
    asked = {"Error": "ServiceUnavailableException", "Operation": "*", "Times": None}
    assert desk(server, "POST", "/failures", asked)[0] == 201
    voice = client(server)
    for _ in range(3):
        with pytest.raises(voice.exceptions.ServiceUnavailableException):
            voice.list_sip_rules()
    assert desk(server, "GET", "/failures")[1][0]["Times"] is None
    assert desk(server, "DELETE", "/failures")[0] == 204
    assert len(voice.list_sip_rules()["SipRules"]) == 1


def test_the_desk_says_what_there_is(server: Server) -> None:
    status, about = desk(server, "GET", "")
    assert (status, about["Numbers"], about["ActiveCalls"]) == (200, [OURS], 0)
    assert "UpdateSipMediaApplicationCall" in about["Operations"]
    assert "POST /_offhook/calls" in about["Desk"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "says"),
    [
        ("POST", "/calls", {"To": "+15550109999"}, 400, "is not one of our numbers"),
        ("POST", "/calls", {"Too": OURS}, 400, "Too: Extra inputs are not permitted"),
        ("GET", "/calls/nobody", None, 404, "there is no call nobody"),
        ("POST", "/call", {}, 404, "no POST /_offhook/call: GET /_offhook lists what there is"),
        ("PATCH", "/calls", {}, 405, "there is no PATCH /_offhook/calls: GET /_offhook lists"),
        (
            "PUT",
            "/far-ends/+1555",
            {"Is": "Sleeps"},
            400,
            "is: there is no 'Sleeps': there are ",
        ),
        ("PUT", "/far-ends/+1555", {"Later": 3}, 400, "Answers has no later: did you mean after?"),
        ("PUT", "/far-ends/+1555", [], 400, "the body: Input should be an object"),
        ("PUT", "/bots/arn", {"Intnt": "x"}, 400, "BotAlias has no intnt: did you mean intent?"),
        ("PUT", "/far-ends/+1555", {"After": "soon"}, 400, "after: Input should be a valid number"),
        ("POST", "/failures", {"Error": "x"}, 400, "* has no 'x': it has "),
        ("POST", "/failures", {"Operation": "x", "Error": "x"}, 400, "there is no operation 'x'"),
    ],
)
def test_what_cannot_be_done_is_explained(
    server: Server, method: str, path: str, body: object, status: int, says: str
) -> None:
    found, answer = desk(server, method, path, body)
    assert found == status
    assert says in answer["Message"]
