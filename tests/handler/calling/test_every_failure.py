"""Whatever goes wrong with a request: one line in the log, and one metric. By every door the same.

Nothing is configured here: a request that is read fails at that, and one that is not, before.
"""

import json
import logging
from base64 import b64encode
from collections.abc import Mapping
from typing import cast

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from offhook.handler import trigger
from offhook.handler.calling.environment import configured, ledger
from offhook.handler.errors import CallError
from tests.handler.calling.conftest import OURS, THEIRS
from tests.handler.calling.executions import Context, metrics

BODIES: dict[str, dict[str, object]] = {
    "start": {"to_phone_number": THEIRS, "from_phone_number": OURS},
    "redirect": {"arguments": {"name": "Ada"}},
    "cancel": {},
    "outcome": {},
}
METHODS = {operation: method for method, operation in trigger.VERBS.items()}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = st.dictionaries(
    st.sampled_from(
        ["to_phone_number", "from_phone_number", "arguments", "arguments_map", "sip_headers", "id"]
    )
    | st.sampled_from(["time_zone", "sip_media_application_id", "priority"])
    | st.text(max_size=5),
    JSON,
    max_size=3,
)


@st.composite
def texts(draw: st.DrawFn, operation: str) -> str:
    """A body, more or less: the fields that belong there, others, and a slip of the pen."""
    fields = {**BODIES[operation], **draw(FIELDS)} if draw(st.booleans()) else draw(FIELDS)
    said = json.dumps(fields, ensure_ascii=draw(st.booleans()))
    if draw(st.booleans()):
        at = draw(st.integers(1, len(said)))
        slip = draw(st.text(max_size=3) | st.sampled_from(["NaN", "\\ud800", "\ufeff", "\x00"]))
        said = said[:at] + slip + said[at:]
    return said


@pytest.fixture
def nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No ledger, no queue; metrics are counted."""
    for name in ("OFFHOOK_LEDGER", "OFFHOOK_DEAD_LETTERS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Offhook")
    configured.cache_clear()
    ledger.cache_clear()


class Dies(Context):
    """An execution in which something happens that nobody has thought of."""

    def get_remaining_time_in_millis(self) -> int:
        """Not today."""
        raise RuntimeError("no clock for +15550100199")


def by_url(
    operation: str, body: bytes, context: Context, path: str = "/calls/a-1"
) -> Mapping[str, object]:
    """A request to the function URL."""
    return trigger.lambda_handler(
        {
            "rawPath": path,
            "requestContext": {"http": {"method": METHODS[operation], "path": path}},
            "body": b64encode(body).decode(),
            "isBase64Encoded": True,
        },
        context,
    )


def by_queue(body: str, context: Context) -> Mapping[str, object]:
    """A message."""
    record = {"messageId": "m-1", "receiptHandle": "r-1", "body": body, "eventSourceARN": "a:b:c"}
    return trigger.lambda_handler({"Records": [record]}, context)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged since."""
    found = [record.getMessage() for record in caplog.records if record.name == "offhook"]
    caplog.clear()
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(BODIES)).flatmap(lambda name: st.tuples(st.just(name), texts(name))))
@example(("start", '{"to_phone_number": "\ud800"}'))
@example(("redirect", '{"arguments": {"a": "\\ud800"}}'))
def test_what_the_queue_refuses_the_url_refuses_too(
    nothing: None,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    asked: tuple[str, str],
) -> None:
    operation, said = asked
    beside = f'"operation": "{operation}", "key": "a-1"'
    message = said[0] + beside + ("" if said[1:].strip() == "}" else ", ") + said[1:]
    by_queue(message, Context())
    (queued,) = metrics(capsys)
    by_url(operation, said.encode(errors="surrogatepass"), Context())
    assert metrics(capsys) == [queued]
    assert len(told := lines(caplog)) == 2
    assert THEIRS not in str(told)
    assert queued[1] in ("RequestInvalid", "Failed")


@pytest.mark.parametrize("operation", sorted(BODIES))
def test_what_nobody_has_thought_of_is_told_once_by_every_door(
    nothing: None,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    operation: str,
) -> None:
    body = BODIES[operation]
    request = {"operation": operation, "key": "a-1", **body}
    answer = by_url(operation, json.dumps(body).encode(), Dies())
    assert answer["statusCode"] == 500
    assert json.loads(str(answer["body"]))["error"] == "Failed"
    assert by_queue(json.dumps(request), Dies())["batchItemFailures"]
    with pytest.raises(RuntimeError, match=r"no clock for \*\*\*"):
        trigger.lambda_handler(request, Dies())
    assert metrics(capsys) == [(operation, "Failed")] * 3
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 3
    assert lines(caplog) == [f"{operation} a-1: RuntimeError: no clock for ***"] * 3


@pytest.mark.parametrize(
    ("event", "operation"),
    [
        ({"operation": "call"}, "unreadable"),
        ({"operation": "start", "key": "a-1"}, "unreadable"),
        ({"operation": "outcome", "key": "a-1"}, "outcome"),
        ({"requestContext": {}}, "unreadable"),
        ({"requestContext": {"http": {"method": "GET"}}, "rawPath": "/"}, "unreadable"),
        ({"requestContext": {"http": {"method": "POST"}}, "rawPath": "/calls/a-1"}, "unreadable"),
        ({"Records": [{"messageId": "m-1"}]}, "unreadable"),
        ([], "unreadable"),
        (None, "unreadable"),
    ],
)
def test_what_is_no_request_is_told_once(
    nothing: None,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    event: object,
    operation: str,
) -> None:
    try:
        trigger.lambda_handler(event, Context())
    except CallError:
        assert "requestContext" not in str(event)
    (counted,) = metrics(capsys)
    assert counted[0] == operation
    assert len(lines(caplog)) == 1


def test_keys_that_are_nobodys_are_told_and_counted(
    nothing: None,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OFFHOOK_KEYS", "mine")
    assert by_url("cancel", b"{}", Context())["statusCode"] == 500
    (line,) = lines(caplog)
    assert "OFFHOOK_KEYS is 'mine'" in line
    assert metrics(capsys) == [("unreadable", "Failed")]


def test_a_batch_has_a_line_and_a_metric_for_each_of_its_messages(
    nothing: None, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    bodies = ["{", '{"operation": "outcome", "key": "a-1"}', "[]"]
    answer = trigger.lambda_handler(
        {"Records": [{"messageId": str(n), "body": body} for n, body in enumerate(bodies)]},
        Context(),
    )
    back = cast("list[dict[str, str]]", answer["batchItemFailures"])
    assert [one["itemIdentifier"] for one in back] == ["0", "1", "2"]
    assert metrics(capsys) == [
        ("unreadable", "RequestInvalid"),
        ("outcome", "Failed"),
        ("unreadable", "RequestInvalid"),
    ]
    assert len(lines(caplog)) == 3
