"""Calls of a server, which go on in real time."""

import http.client
import json
from typing import Any

from types_boto3_chime_sdk_voice import ChimeSDKVoiceClient

from offhook.emulator.call.call import Call
from offhook.emulator.server.listening import Server
from tests.emulator.functions import types
from tests.emulator.server.conftest import OURS, THEIRS, application
from tests.patience import PATIENCE_SECONDS, until


def rings_somebody(
    server: Server, voice: ChimeSDKVoiceClient, to: str = THEIRS, **arguments: str
) -> Call:
    """A call of ours that the API made."""
    made = voice.create_sip_media_application_call(
        FromPhoneNumber=OURS,
        ToPhoneNumber=to,
        SipMediaApplicationId=application(server),
        ArgumentsMap=arguments,
    )
    return call_of(server, made["SipMediaApplicationCall"].get("TransactionId", ""))


def call_of(server: Server, transaction_id: str) -> Call:
    """A call, up or over, or at this very moment on its way from the one to the other."""
    service = server.service

    def found() -> list[Call]:
        calls = [*list(service.calls.values()), *list(service.ended)]
        return [call for call in calls if call.transaction_id == transaction_id]

    until(lambda: bool(found()))
    return found()[0]


def desk(server: Server, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """A request to the desk's own API, below `/_offhook`: the status, and what it says."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_SECONDS)
    sent = b"" if body is None else json.dumps(body).encode()
    try:
        connection.request(method, f"/_offhook{path}", sent, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read().decode()
    finally:
        connection.close()
    is_json = answer.headers.get("content-type") == "application/json"
    return answer.status, json.loads(content) if is_json else content


def dials(server: Server, number: str, **more: object) -> Call:
    """Somebody dials a number of ours."""
    status, call = desk(server, "POST", "/calls", {"To": number, "From": THEIRS, **more})
    assert status == 201, call
    return call_of(server, call["TransactionId"])


def told(call: Call, *events: str) -> bool:
    """Whether these were told, and nothing else, and all of them answered."""
    return types(call.told.events) == list(events) and len(call.told.replies) == len(events)
