"""Somebody types `offhook local`, and then what it prints.

About `offhook.command.local`, `offhook.command.serving.resources`,
`offhook.command.serving.what_to_type`.
"""

import json
import re
import shlex
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from offhook.command.main import main
from tests.command.serving.conftest import (
    OURS,
    ROOT,
    THEIRS,
    Local,
    closed,
    http,
    in_the_shell_of,
    opened,
)
from tests.patience import PATIENCE_SECONDS, until
from tests.project.pages import blocks

if TYPE_CHECKING:
    from types_boto3_sqs.client import SQSClient

pytest.importorskip("flows.reminder", reason="`make local` is about its calls")

PREMIUM = "+19005550100"
UNDER_WAY = ("accepted", "confirmed", "answered")
"""How far a call may be by the time that somebody is told of it."""


def test_a_call_is_placed_redirected_and_its_ladder_is_seen(local: Local) -> None:
    status, started = local.starts("redirected")
    assert (status, started["state"]) in [(200, state) for state in UNDER_WAY]
    local.comes_to("redirected", "answered")
    status, _ = local.asks("PATCH", "/calls/redirected", {"arguments": {"when": "tomorrow at six"}})
    assert status == 200
    transaction = started["transaction_id"]
    until(lambda: "The appointment has moved: it is tomorrow at six." in local.ladder(transaction))
    assert "Hello Ada." in local.ladder("latest")
    assert local.asks("DELETE", "/calls/redirected")[0] == 200
    ended = local.comes_to("redirected", "cancelled")
    assert ended["is_cancelled"]
    status, refused = local.asks("PATCH", "/calls/redirected", {"arguments": {"when": "never"}})
    assert (status, refused["error"]) == (404, "NoSuchCall")


def test_what_can_be_asked_is_a_page(local: Local) -> None:
    page = f"{local.service}/_offhook/documents/trigger"
    assert page in local.printed
    with urllib.request.urlopen(page, timeout=PATIENCE_SECONDS) as answer:
        shown = answer.read().decode()
    assert '<h2 id="start"><b>PUT</b>/calls/{key}</h2>' in shown
    document = http("GET", f"{page}.json")[1]
    assert document["servers"] == [{"url": local.trigger}]
    assert document["security"] == [], "nobody looks at a signature here"


def test_the_same_key_dials_once(local: Local) -> None:
    answers = [local.starts("once") for _ in range(3)]
    assert [status for status, _ in answers] == [200, 200, 200]
    (transaction,) = {answer["transaction_id"] for _, answer in answers}
    placed = [call["TransactionId"] for call in local.calls()]
    assert placed.count(transaction) == 1
    status, taken = local.starts("once", to_phone_number="+15550100177")
    assert (status, taken["error"]) == (409, "KeyTaken")
    assert len(local.calls()) == len(placed)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://attacker.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "attacker.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
    ids=str,
)
def test_no_page_in_a_browser_starts_a_call(
    local: Local, headers: dict[str, str], status: int
) -> None:
    placed = len(local.calls())
    body = {"to_phone_number": THEIRS, "from_phone_number": OURS, "key": "page"}
    for method, url in (
        ("PUT", f"{local.trigger}/calls/page"),
        ("POST", f"{local.trigger}/calls/page"),
        ("POST", f"{local.service}/_offhook/calls"),
    ):
        assert asks(method, url, headers, json.dumps(body).encode()) == status
    if status == 403:
        queue = f"{local.aws}/123456789012/offhook-calls"
        asked = "Action=SendMessage&Version=2012-11-05&MessageBody=x"
        assert asks("GET", f"{queue}?{asked}", headers) == 403
        assert asks("POST", f"{local.aws}/moto-api/reset", headers) == 403
    assert asks("POST", f"{local.aws}/moto-api/reset", {}) == 404
    assert len(local.calls()) == placed


def asks(method: str, url: str, headers: dict[str, str], body: bytes | None = None) -> int:
    """The status of the answer to a request."""
    json_headers = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(url, body, json_headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_the_policy_refuses_and_nothing_is_placed(local: Local) -> None:
    placed = len(local.calls())
    for field, number in (
        ("to_phone_number", PREMIUM),
        ("to_phone_number", "+442071838750"),
        ("from_phone_number", "+15550100300"),
    ):
        status, refused = local.starts("refused", **{field: number})
        assert (status, refused["error"]) == (403, "DialRefused")
    assert len(local.calls()) == placed


def test_a_key_may_be_percent_encoded_in_the_path(local: Local) -> None:
    _, plain = local.starts("weekly:2026-11-23")
    _, encoded = local.starts("weekly%3A2026-11-23")
    assert encoded["key"] == "weekly:2026-11-23"
    assert encoded["transaction_id"] == plain["transaction_id"]


def test_a_message_in_the_queue_becomes_a_call(local: Local) -> None:
    sqs = queues(local)
    send(sqs, local, {"operation": "start", "key": "queued", **call(THEIRS)})
    send(sqs, local, {"operation": "start", "key": "queued", **call(THEIRS)})
    send(sqs, local, {"operation": "start", "key": "never", **call(PREMIUM)})
    queued = local.comes_to("queued", *UNDER_WAY)
    dead = until(
        lambda: sqs.receive_message(
            QueueUrl=local.variables["OFFHOOK_DEAD_LETTERS"],
            WaitTimeSeconds=1,
            MessageAttributeNames=["All"],
        ).get("Messages")
    )
    (letter,) = dead
    assert json.loads(letter.get("Body", ""))["key"] == "never"
    assert letter.get("MessageAttributes", {})["error"].get("StringValue") == "DialRefused"
    placed = [one["TransactionId"] for one in local.calls()]
    assert placed.count(queued["transaction_id"]) == 1
    until(lambda: is_empty(sqs, local))


def test_boto3_in_a_shell_with_the_printed_variables_finds_the_desk(local: Local) -> None:
    code = (
        "import boto3; from offhook.handler import calls; calls.do_not_call('+15550100166')\n"
        "print(len(boto3.client('chime-sdk-voice').list_sip_media_applications()"
        "['SipMediaApplications']))"
    )
    assert python(local, code).stdout.strip() == "1"
    status, refused = local.starts("unwanted", to_phone_number="+15550100166")
    assert (status, refused["error"]) == (403, "DialRefused")
    assert "do-not-call" in refused["message"]


def test_what_it_prints_works_as_it_stands(local: Local) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl here")
    typed = [line for line in local.commands if not line.startswith(("export", "aws"))]
    assert len(typed) == 10
    for line in typed:
        with in_the_shell_of(local):
            said = printed(line)
        if "-X PUT" in line and "4712" in line:
            assert json.loads(said)["error"] == "DialRefused"
        elif "legs/LEG-A" in line:
            assert "LEG-A" in said  # whether it has been answered by now, or rings
        elif "/calls/appointment" in line:
            assert json.loads(said)["key"] == "appointment-4711"
        elif "calls.start" in line:
            assert "appointment-4715" in said


def printed(line: str) -> str:
    """What a line prints that is typed here: its Python in this process, all else in a shell."""
    words = shlex.split(line)
    if words[1:2] == ["-c"]:
        with redirect_stdout(StringIO()) as out:
            exec(words[2], {})
        return out.getvalue()
    done = subprocess.run(["sh", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), line
    return done.stdout


@pytest.mark.thorough
def test_what_the_readme_and_the_page_show_works(local: Local) -> None:
    for page in ("README.md", "docs/calling-out.md"):
        shown = (ROOT / page).read_text(encoding="utf-8")
        (snippet,) = (
            code
            for code in re.findall(r"```python\n(.*?)```", shown, re.DOTALL)
            if "calls." in code
        )
        key = f"shown-in-{Path(page).stem}"
        python(local, snippet.replace("appointment-4711", key))
        assert local.asks("GET", f"/calls/{key}")[0] == 200


def test_what_the_readme_types_to_the_trigger_works(local: Local) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl here")
    (typed,) = (block.code for block in blocks(ROOT / "README.md") if block.language == "sh")
    here = typed.replace("http://127.0.0.1:4061", local.trigger)
    subprocess.run(["sh", "-ec", here], check=True, capture_output=True)
    status, told = local.asks("GET", "/calls/appointment-4712")
    assert (status, told["key"]) == (200, "appointment-4712")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/", 404), ("POST", "/calls/a", 405), ("GET", "/calls/nobody", 404)],
)
def test_what_is_not_there_is_said(local: Local, method: str, path: str, status: int) -> None:
    found, answer = local.asks(method, path, {} if method == "POST" else None)
    assert (found, set(answer)) == (status, {"error", "message"})


@pytest.mark.thorough
def test_ctrl_c_ends_everything() -> None:
    desk = opened()
    _, started = desk.starts("hung-up-on")
    assert started["transaction_id"]
    said = closed(desk)
    assert said.splitlines()[-1] == "Every call has ended."
    assert "Traceback" not in said
    assert desk.process.returncode == 0
    for url in (desk.trigger, desk.service, desk.variables["AWS_ENDPOINT_URL_SQS"]):
        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen(url, timeout=PATIENCE_SECONDS)


def test_a_port_that_is_taken_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    with second_of_two_ports() as taken:
        port = taken.getsockname()[1]
        assert main(["local", "--port", str(port - 1)]) == 2
    assert f"port {port} is taken" in capsys.readouterr().err


def second_of_two_ports() -> socket.socket:
    """Held, while the one before it is free, and stays free: nobody is given one of these."""
    for port in range(20_000, 32_000, 2):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return socket.create_server(("127.0.0.1", port + 1))
    raise AssertionError("no two ports in a row are free")


def call(to: str) -> dict[str, object]:
    """A Reminder call's fields."""
    arguments = {"name": "Ada", "when": "tomorrow at ten"}
    return {"to_phone_number": to, "from_phone_number": OURS, "arguments_map": arguments}


def queues(local: Local) -> "SQSClient":
    """boto3's client, by the printed variables."""
    found = local.variables
    return boto3.client(  # pyright: ignore[reportUnknownMemberType] - an overload each
        "sqs",
        endpoint_url=found["AWS_ENDPOINT_URL_SQS"],
        region_name=found["AWS_DEFAULT_REGION"],
        aws_access_key_id=found["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=found["AWS_SECRET_ACCESS_KEY"],
    )


def send(sqs: "SQSClient", local: Local, message: dict[str, Any]) -> None:
    """Put a message into the queue."""
    sqs.send_message(QueueUrl=queue_url(local), MessageBody=json.dumps(message))


def is_empty(sqs: "SQSClient", local: Local) -> bool:
    """Whether nothing is in the queue, and nothing is being worked on."""
    found = sqs.get_queue_attributes(QueueUrl=queue_url(local), AttributeNames=["All"])
    waiting = found["Attributes"]["ApproximateNumberOfMessages"]
    under_way = found["Attributes"]["ApproximateNumberOfMessagesNotVisible"]
    return (waiting, under_way) == ("0", "0")


def queue_url(local: Local) -> str:
    """The calls' queue."""
    return local.variables["OFFHOOK_DEAD_LETTERS"].removesuffix("-dead")


def python(local: Local, code: str) -> subprocess.CompletedProcess[str]:
    """Python in a shell in which the printed variables were typed."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=local.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


ROUTER = "from offhook.handler import Router, follow\nrouter = Router()\n"


@pytest.mark.parametrize(
    ("source", "says", "names"),
    [
        (ROUTER.replace(", follow", ""), True, "router.around()(follow)"),
        (f"{ROUTER}router.around()(follow)\n", False, ""),
        ("def router(event, context): ...\n", True, "A router does, with the hook `follow`"),
    ],
)
def test_a_function_that_tells_the_ledger_nothing_is_told_of(
    source: str,
    says: bool,
    names: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Before it takes its ports: here the second is taken, which ends it, and the first is free."""
    (tmp_path / "mute_line.py").write_text(source, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with second_of_two_ports() as taken:
        port = taken.getsockname()[1] - 1
        assert main(["local", "--handler", "mute_line:router", "--port", str(port)]) == 2
        socket.create_server(("127.0.0.1", port)).close()
    told = capsys.readouterr().err
    assert ("mute_line:router tells the ledger nothing" in told) is says
    assert names in told
