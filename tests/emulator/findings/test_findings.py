"""What an author is told of their handler: each finding, with its evidence and what to write.

About `offhook.emulator.findings.parameters`, `offhook.emulator.findings.replies`,
`offhook.emulator.findings.whole_calls`, `offhook.emulator.call.wrong`.
"""

import pytest

from offhook.actions import Hangup, Pause, PlayAudio, Speak
from offhook.emulator.findings.finding import Finding, render
from offhook.emulator.findings.turns import of_turns
from offhook.emulator.findings.whole_calls import LEFT
from offhook.emulator.testing import PhoneCall
from tests.emulator.functions import AnsweredBy, always, in_turn

SAY = Speak(text="Hello.")


class EndpointConnectionError(Exception):
    """As botocore's is called."""


def played(answered_by: AnsweredBy, *answers: object) -> list[Finding]:
    call = answered_by(in_turn(*answers)).dials()
    return findings_of(call)


def findings_of(call: PhoneCall) -> list[Finding]:
    call.waits(70)
    if not call.is_over:
        call.hangs_up()
    call.settles()
    return of_turns(call.turns)


def wire(kind: str, **parameters: object) -> dict[str, object]:
    return {"Type": kind, "Parameters": parameters}


def test_a_call_with_nothing_wrong_has_no_findings(answered_by: AnsweredBy) -> None:
    assert played(answered_by, [SAY, Hangup()]) == []
    assert render([]) == ""


@pytest.mark.parametrize(
    ("answers", "rule", "says"),
    [
        ([None], "refused-reply", "Response is blank or empty null"),
        (
            [{"statusCode": 200, "body": "{}"}],
            "refused-reply",
            "the reply has statusCode and body, as for API Gateway",
        ),
        (['{"SchemaVersion": "1.0"}'], "refused-reply", "return the object itself, without json.d"),
        ([[wire("Spaek", Text="Hi")]], "refused-reply", "did you mean 'Speak'?"),
        ([[SAY] * 11], "refused-reply", "11 actions: at most 10 are allowed"),
        ([ValueError("no")], "function-failed", "ValueError: no"),
        (
            [ConnectionError('Could not connect to "https://meetings-chime.us-east-1.amazonaws.com"')],
            "function-failed",
            "the desk answers this API in `offhook serve`",
        ),
        (
            [ConnectionError("Inaccessible host: `service.chime.aws.amazon.com' at port `443'")],
            "function-failed",
            "the desk answers this API in `offhook serve`",
        ),
        ([[SAY], [wire("Speak", Text="")]], "refused-action", "Text is ''"),
        (
            [[wire("PlayAudio", AudioSource={"Type": "S3", "BucketName": None, "Key": "a.wav"})]],
            "refused-action",
            "AudioSource has no BucketName\n    where it is that of an environment variable, set",
        ),
        (
            [[SAY, wire("VoiceFocus", Enable=True), Hangup()]],
            "refused-action",
            "CallId is missing\n    it is required: as it is, it is taken all the same",
        ),
        ([[SAY, wire("SendDigits", Digits="1"), Hangup()]], "refused-action", "CallId is missing"),
        ([[SAY, wire("Hangup", ParticipantTag="")]], "empty-leg", 'ParticipantTag is ""'),
        ([[wire("Speak", Text="Hi", CallId=""), Hangup()]], "empty-leg", 'CallId is ""'),
        (
            [[wire("Speak", Text="Hi", Voice="Amy"), Hangup()]],
            "unknown-parameter",
            "Voice is no parameter of Speak\n    did you mean VoiceId?",
        ),
        (
            [
                [
                    wire(
                        "SpeakAndGetDigits",
                        SpeechParameters={"Text": "Hi"},
                        FailureSpeechParameters={"Text": "Hm"},
                        MaxNumberOfDigits="1",
                    )
                ]
            ],
            "string-for-number",
            'MaxNumberOfDigits is the string "1"',
        ),
        (
            [{"SchemaVersion": "1.0", "Actions": [wire("Pause", DurationInMilliseconds="100")],
              "TransactionAttributes": {str(index): "" for index in range(90)}}],
            "large-attributes",
            "80% or more of the 100 pairs it may have\n    here they are 90: ",
        ),
        (
            [{"SchemaVersion": "1.0", "Actions": [wire("Pause", DurationInMilliseconds="100")],
              "TransactionAttributes": {"text": "x" * 18_000}}],
            "large-attributes",
            "80% or more of the 20480 bytes as JSON it may have\n    here they are 18011: ",
        ),
        ([[SAY]], "leg-left-connected", "the caller hears nothing for 7"),
        (
            [[PlayAudio(audio_source="s3://theirs/menu.wav")], [Hangup()]],
            "missing-audio",
            "PlayAudio finds no audio: s3://theirs/menu.wav\n    what comes after it is not tried",
        ),
        ([[SAY, Hangup()], KeyError("x")], "function-failed", "nobody hears it any more"),
        ([EndpointConnectionError("dynamodb")], "function-failed", "AWS_ENDPOINT_URL_DYNAMODB="),
        ([TypeError("f() takes 1 positional argument")], "function-failed", "name its router"),
    ],
)  # fmt: skip
def test_a_finding_names_the_place_the_evidence_and_what_to_write(
    answered_by: AnsweredBy, answers: list[object], rule: str, says: str
) -> None:
    found = played(answered_by, *answers)
    mine = [finding for finding in found if finding.rule == rule]
    assert mine, found
    assert says in str(mine[0])


def test_a_number_that_the_docs_write_as_a_string_is_right(answered_by: AnsweredBy) -> None:
    pause = wire("Pause", DurationInMilliseconds="1000")
    assert played(answered_by, [pause, wire("Hangup", SipResponseCode="0")]) == []


def test_actions_that_an_event_ignores(answered_by: AnsweredBy) -> None:
    call = answered_by(always(SAY, Hangup())).rings()
    call.answers()
    call.hears("Hello.")
    call.settles()
    found = of_turns(call.turns)
    assert [(each.rule, each.where, each.is_advice) for each in found] == [
        ("ignored-actions", "NEW_OUTBOUND_CALL 1", False),
        ("ignored-actions", "RINGING 2", False),
        ("ignored-actions", "HANGUP 4", True),
    ]
    assert "with these to CALL_ANSWERED" in found[0].instead


def test_a_hangup_for_an_update_while_it_rings_is_advised_as_for_ringing(
    answered_by: AnsweredBy,
) -> None:
    call = answered_by(in_turn([], [], [Hangup()], [])).rings()
    call.waits(1)
    call.updates(why="it is over")
    call.waits(1)
    (found,) = of_turns(call.turns)
    assert (found.rule, found.where) == ("ignored-actions", "CALL_UPDATE_REQUESTED 3")
    assert found.instead == (
        "nobody has answered yet: reply with no actions, and with these to CALL_ANSWERED"
    )


def test_a_loop_is_found_where_it_begins(answered_by: AnsweredBy) -> None:
    phone = answered_by(always(PlayAudio(audio_source="missing.wav")), max_invocations=100)
    call = phone.dials()
    call.settles()
    loops = [each for each in of_turns(call.turns) if each.rule == "endless-loop"]
    assert len(loops) == 1
    assert "99 times in a row" in loops[0].evidence


def test_a_late_reply_is_found(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([SAY, Hangup()]))
    phone.function_is(slow=3.5, times=1)
    found = findings_of(phone.dials())
    assert [(each.rule, each.evidence) for each in found] == [
        ("slow-reply", "the reply takes 3 s or more")
    ]


def test_a_leg_that_nobody_hangs_up_is_found(answered_by: AnsweredBy) -> None:
    bridge = wire(
        "CallAndBridge",
        CallTimeoutSeconds=30,
        CallerIdNumber="+15550100100",
        Endpoints=[{"BridgeEndpointType": "PSTN", "Uri": "+15550100300"}],
    )
    phone = answered_by(in_turn([bridge]))
    ben = phone.person("+15550100300")
    call = phone.dials()
    ben.answers()
    call.hangs_up()
    call.waits(60)
    ben.hangs_up()
    call.settles()
    found = [each for each in of_turns(call.turns) if each.rule == "leg-left-connected"]
    assert [each.evidence for each in found] == [LEFT.format("LEG-B")]
    assert '"ParticipantTag": "LEG-B"' in found[0].instead


def test_lists_that_could_be_one_are_advice(answered_by: AnsweredBy) -> None:
    say = [[Speak(text=f"Number {index}.")] for index in range(5)]
    found = played(answered_by, *say, [Hangup()])
    assert [(each.rule, each.is_advice) for each in found] == [
        ("more-invocations-than-needed", True)
    ]
    assert render(found).startswith("advice:\n")


def test_music_that_comes_again_and_again_is_no_advice(answered_by: AnsweredBy) -> None:
    pause = Pause(duration_in_milliseconds=5_000)
    assert played(answered_by, [SAY], *[[pause]] * 6, [Hangup()]) == []


def test_the_same_thing_is_said_once(answered_by: AnsweredBy) -> None:
    speak = wire("Speak", Text="Hi", CallId="")
    found = played(answered_by, *[[speak]] * 4, [Hangup()])
    assert [each.where for each in found] == [
        "NEW_INBOUND_CALL 1, Actions[0] (Speak)",
        "ACTION_SUCCESSFUL 2, Actions[0] (Speak)",
    ]
