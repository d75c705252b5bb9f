"""What CallAndBridge refuses: endpoints, numbers, times, tones, headers (reference B.10, F)."""

from collections.abc import Mapping

import pytest

from offhook.emulator.testing import Answers
from tests.emulator.call.stories import BEN, BRIDGE, OUR_NUMBER, bridged, scripted
from tests.emulator.functions import AnsweredBy, error, parameters

TO_BEN: Mapping[str, object] = {"BridgeEndpointType": "PSTN", "Uri": BEN}
CONNECTOR = "arn:aws:chime:us-east-1:123456789012:vc/ab1cdefghij2klmno3pqr4"
NOT_OURS = (
    "Provided caller ID number is invalid. Number must be owned by this AWS account, "
    "or be the From number of LEG-A."
)
TIMEOUT = "The MaxCallTimeout parameter is invalid. Timeout must be between 0 and 120 seconds."
COUNT = "Invalid number of endpoints provided."
ENDPOINT = "Endpoint parameter is invalid."


def wire(**changes: object) -> dict[str, object]:
    """A CallAndBridge that works but for the changes; a change to `None` leaves out."""
    whole: dict[str, object] = {"CallerIdNumber": OUR_NUMBER, "Endpoints": [TO_BEN], **changes}
    return {
        "Type": "CallAndBridge",
        "Parameters": {name: value for name, value in whole.items() if value is not None},
    }


def refusal(answered_by: AnsweredBy, action: Mapping[str, object]) -> tuple[object, object]:
    """How an action fails; nobody is called meanwhile."""
    phone = answered_by(scripted([action]))
    phone.at(BEN, Answers(after=0))
    ana = phone.dials()
    ana.waits(1)
    assert parameters(ana.events[1]).items() >= parameters({"ActionData": action}).items()
    assert "rings" not in ana.ladder.render()
    return error(ana.events[1])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Endpoints": None}, COUNT),
        ({"Endpoints": []}, COUNT),
        ({"Endpoints": [TO_BEN, {**TO_BEN, "Uri": "+15550100301"}]}, COUNT),
        ({"Endpoints": [{"BridgeEndpointType": "PSTN"}]}, ENDPOINT),
        ({"Endpoints": [{**TO_BEN, "Uri": ""}]}, ENDPOINT),
        ({"Endpoints": [{"Uri": BEN}]}, ENDPOINT),
        ({"Endpoints": [{"Uri": BEN, "BridgeEndpointType": None}]}, ENDPOINT),
        ({"Endpoints": [{**TO_BEN, "BridgeEndpointType": "SIP"}]}, ENDPOINT),
        ({"Endpoints": [{**TO_BEN, "Uri": "5550"}]}, ENDPOINT),
        ({"Endpoints": [{**TO_BEN, "Uri": "15550100300"}]}, ENDPOINT),
        ({"Endpoints": [{**TO_BEN, "Arn": CONNECTOR}]}, ENDPOINT),
        ({"Endpoints": [{"BridgeEndpointType": "AWS", "Uri": "5550"}]}, ENDPOINT),
        ({"Endpoints": [{"BridgeEndpointType": "AWS", "Uri": "a b", "Arn": CONNECTOR}]}, ENDPOINT),
        (
            {"Endpoints": [{"BridgeEndpointType": "AWS", "Uri": "5" * 37, "Arn": CONNECTOR}]},
            ENDPOINT,
        ),
        ({"CallerIdNumber": None}, "Caller ID not defined."),
        ({"CallerIdNumber": ""}, "Caller ID not defined."),
        ({"CallerIdNumber": "anonymous"}, "Invalid caller ID."),
        ({"CallerIdNumber": "+15550109999"}, NOT_OURS),
        ({"CallTimeoutSeconds": 0}, TIMEOUT),
        ({"CallTimeoutSeconds": 121}, TIMEOUT),
        ({"CallTimeoutSeconds": "soon"}, TIMEOUT),
    ],
)
def test_a_parameter_that_cannot_be_is_refused_in_the_words_of_the_service(
    answered_by: AnsweredBy, changes: Mapping[str, object], message: str
) -> None:
    assert refusal(answered_by, wire(**changes)) == ("InvalidActionParameter", message)


@pytest.mark.parametrize(
    "tone",
    [{"Type": "HTTP", "BucketName": "b", "Key": "k"}, {"Type": "S3", "BucketName": "b"}, "k"],
    ids=str,
)
def test_a_tone_that_names_no_object_of_s3_is_refused(
    answered_by: AnsweredBy, tone: object
) -> None:
    assert refusal(answered_by, wire(RingbackTone=tone)) == (
        "InvalidAudioSource",
        "Ringtone parameter value is invalid.",
    )


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ({"X-AMZN": "no"}, "X-AMZN"),
        ({"X-Fine": "yes", "x-amzn-trace": "no"}, "x-amzn-trace"),
        ({"x-vine-1": "no"}, "x-vine-1"),
        ({"X-VC-Id": "no"}, "X-VC-Id"),
        ({"x-canary": "no"}, "x-canary"),
        ({"X-Voice": "no"}, "X-Voice"),
        ({"Subject": "no"}, "Subject"),
        ({"X-Long": "x" * 2_049}, "X-Long"),
    ],
)
def test_a_header_that_is_not_ours_to_send_is_named(
    answered_by: AnsweredBy, headers: Mapping[str, str], named: str
) -> None:
    kind, message = refusal(answered_by, wire(SipHeaders=headers))
    assert kind == "InvalidActionParameter"
    # The table of dg/call-and-bridge ends it with a full stop, the example of dg/sip-headers not.
    assert str(message).rstrip(".") == f"Invalid SIP header(s) provided: {named}"


@pytest.mark.parametrize("seconds", [1, 120, "45"])
def test_it_may_ring_for_one_second_to_two_minutes(
    answered_by: AnsweredBy, seconds: object
) -> None:
    phone = answered_by(scripted([wire(CallTimeoutSeconds=seconds)]))
    phone.at(BEN, Answers(after=int(str(seconds)) - 0.5))
    ana = phone.dials()
    ana.waits(120)
    assert ana.events[1]["InvocationEventType"] == "ACTION_SUCCESSFUL"
    assert parameters(ana.events[1])["CallTimeoutSeconds"] == seconds


def test_the_headers_of_real_calls_are_taken(answered_by: AnsweredBy) -> None:
    headers = {
        "X-Account-Id": "42",
        "user-to-user": "616263;encoding=hex",
        "Diversion": "sip:+15550100400@sip.example.com;reason=unconditional",
    }
    phone = answered_by(scripted([wire(SipHeaders=headers)]))
    phone.at(BEN, Answers())
    ana = phone.dials()
    ana.waits(5)
    assert parameters(ana.events[1])["SipHeaders"] == headers


def test_custom_sip_headers_are_ignored_with_advice(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([wire(CustomSipHeaders={"X-AMZN": "no"})]))
    phone.at(BEN, Answers())
    ana = phone.dials()
    ana.waits(5)
    assert ana.events[1]["InvocationEventType"] == "ACTION_SUCCESSFUL"
    assert parameters(ana.events[1])["CustomSipHeaders"] == {"X-AMZN": "no"}
    assert "is ignored: write SipHeaders" in str(ana)


def test_a_sip_address_is_told_how_it_is_reached(answered_by: AnsweredBy) -> None:
    to_sip = wire(Endpoints=[{"BridgeEndpointType": "PSTN", "Uri": "sip:ben@example.com"}])
    phone = answered_by(scripted([to_sip]))
    ana = phone.dials()
    ana.waits(1)
    assert error(ana.events[1]) == ("InvalidActionParameter", "Endpoint parameter is invalid.")
    assert "with the arn of a Voice Connector" in str(ana)


def test_a_bridged_call_is_not_bridged_once_more(answered_by: AnsweredBy) -> None:
    ana, _, _ = bridged(answered_by, [BRIDGE])
    ana.waits(1)
    assert error(ana.events[2]) == ("InvalidActionParameter", "Invalid action on the call.")
