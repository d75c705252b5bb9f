"""Many calls at a time, in real time, and the end of the server."""

import gc
import http.client
import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from offhook.actions import Hangup, Pause
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.ports.port import PortTaken
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.quotas import Quotas
from offhook.emulator.service.service import HISTORY, Service
from offhook.emulator.testing import Answers
from tests.emulator.functions import always, in_turn, types
from tests.emulator.server.calls import rings_somebody, told
from tests.emulator.server.conftest import OURS, THEIRS, Serves, application, client
from tests.patience import PATIENCE_SECONDS, until
from tests.sampled import sampled

CALLS = 1_000
HANDLER = """
def handler(event, context):
    if event["InvocationEventType"] == "HANGUP":
        open("hung-up", "a").write("x")
    speak = {"Type": "Speak", "Parameters": {"Text": "Please hold the line."}}
    return {"SchemaVersion": "1.0", "Actions": [speak]}
"""


@pytest.mark.thorough
def test_a_thousand_calls_are_up_at_once(serves: Serves) -> None:
    server = serves()
    service = server.service
    service.default_far_end = Answers(after=1.0)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_SECONDS)
    path = f"/sip-media-applications/{application(server)}/calls"
    body = json.dumps({"FromPhoneNumber": OURS, "ToPhoneNumber": THEIRS}).encode()
    for _ in range(CALLS):
        connection.request("POST", path, body, {"Authorization": "AWS4-HMAC-SHA256"})
        answer = connection.getresponse()
        assert (answer.status, len(answer.read())) == (201, 86)
    connection.close()

    def all_answered() -> bool:
        calls = list(service.calls.values())
        return len(calls) == CALLS and all(len(call.told.replies) == 3 for call in calls)

    until(all_answered)
    assert server.service.active_calls() == CALLS
    server.stop()
    assert not service.calls
    assert all(types(call.told.events)[-1] == "HANGUP" for call in service.ended)


def test_the_end_of_the_server_ends_its_calls_and_tells_their_functions(serves: Serves) -> None:
    server = serves(in_turn([], [], [Pause(duration_in_milliseconds=30_000)]))
    call = rings_somebody(server, client(server))
    until(lambda: told(call, "NEW_OUTBOUND_CALL", "RINGING", "CALL_ANSWERED"))
    server.stop()
    assert types(call.told.events)[-1] == "HANGUP"
    assert "the desk is closing" in call.ladder.render()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port)).close()


def test_a_port_that_is_taken_is_said_in_one_line(server: Server) -> None:
    with pytest.raises(PortTaken, match=rf"^port {server.port} is taken: [^\n]*PORT=\d+") as said:
        Server(server.service.desk, port=server.port)
    assert f"PORT={server.port}," not in str(said.value)


@pytest.mark.parametrize("port", [-1, 65_536])
def test_what_is_no_port_is_said_in_one_line(server: Server, port: int) -> None:
    with pytest.raises(PortTaken, match=rf"^{port} is no port: write 1 to 65535, or 0"):
        Server(server.service.desk, port=port)


@pytest.mark.parametrize("ending", sampled([signal.SIGINT, signal.SIGTERM], 1))
def test_the_command_says_how_to_call_and_ends_in_an_orderly_way(
    tmp_path: Path, ending: signal.Signals
) -> None:
    (tmp_path / "story.py").write_text(HANDLER)
    command = [sys.executable, "-m", "offhook.command.main", "serve", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--handler", "story:handler", "--argument", "when=at ten"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert "http://127.0.0.1:" in first
        port = int(first.partition("127.0.0.1:")[2].split()[0])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        connection.request("POST", "/_offhook/calls", b"{}", {"Content-Type": "application/json"})
        assert connection.getresponse().status == 201
        connection.close()
        process.send_signal(ending)
        said = process.stdout.read()
    assert process.returncode == 0, said
    assert 'boto3.client("chime-sdk-voice", endpoint_url="http://127.0.0.1:' in said
    assert "prompts and recordings are in S3, at http://127.0.0.1:" in said
    assert "aws chime-sdk-voice create-sip-media-application-call" in said
    assert 'ArgumentsMap={"when": "at ten"})' in said
    assert """--arguments-map '{"when": "at ten"}'\n""" in said
    assert said.endswith("Every call has ended.\n")
    assert (tmp_path / "hung-up").read_text() == "x"


@pytest.mark.thorough
def test_calls_that_are_over_leave_nothing_in_memory_but_the_latest_hundred() -> None:
    loop = VirtualLoop()
    only = SipMediaApplication(numbers=(OURS,), function="nobody:asks")
    desk = Desk(sip_media_applications=(only,), quotas=Quotas(enforced=False))
    service = Service(desk, loop, function=InProcess(always(Hangup())))

    def come_and_go(calls: int) -> int:
        for _ in range(calls):
            service.call_out(OURS, THEIRS)
            service.call_in(OURS, THEIRS)
            loop.run_for(60)
        assert not service.calls
        gc.collect()
        return sys.getallocatedblocks()

    before = come_and_go(HISTORY)
    assert come_and_go(10 * HISTORY) - before < 0.01 * before
    assert len(service.ended) == HISTORY
    loop.run_until_complete(service.end())
    loop.close()
