"""Names and ARNs of functions: what `[tool.offhook.functions]` says they stand for.

About `offhook.emulator.function.command`, `offhook.emulator.function.functions`.
"""

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from offhook.command.main import main
from offhook.emulator.explore.jobs import explore
from offhook.emulator.explore.options import Options
from offhook.emulator.function.function import FunctionNotFound, Limits
from offhook.emulator.function.in_process import InProcess, LambdaContext
from offhook.emulator.function.reach import reach
from offhook.emulator.service import config
from offhook.emulator.service.config import Desk
from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.service.usual import MONDAY_AT_TEN
from offhook.emulator.testing import Phone
from tests.emulator.function.conftest import Written, ask
from tests.emulator.function.telling import does
from tests.emulator.functions import always, in_turn, reply
from tests.emulator.server.calls import call_of
from tests.emulator.server.conftest import OURS, THEIRS, client, serves
from tests.patience import until

__all__ = ["serves"]

ARN = "arn:aws:lambda:us-east-1:123456789012:function:menu"
HANDLER = """
    def lambda_handler(event, context):
        text = f"{context.function_name} {context.memory_limit_in_mb}"
        first = event["Sequence"] == 1
        actions = [{"Type": "Speak", "Parameters": {"Text": text}}, {"Type": "Hangup"}]
        return {"SchemaVersion": "1.0", "Actions": actions if first else []}
"""


def desk_of(folder: Path, text: str) -> Desk:
    (folder / "offhook.toml").write_text(text)
    return config.load(folder)


def application(function: str) -> str:
    return f'[[sip_media_applications]]\nfunction = "{function}"\n'


@pytest.mark.parametrize("name", [ARN, f"{ARN}:live", f"{ARN}:$LATEST", "menu"])
def test_a_name_or_an_arn_stands_for_a_function(
    written: Written, tmp_path: Path, name: str
) -> None:
    file = written("handler.py", HANDLER)
    desk = desk_of(tmp_path, f'{application(name)}[functions]\nmenu = "{file}:lambda_handler"\n')
    with Phone(desk=desk) as phone:
        phone.dials().hears("menu 512")


def test_the_arn_itself_beats_the_name_in_it(tmp_path: Path) -> None:
    table = f'[functions]\nmenu = "a:b"\n"{ARN}" = "c:d"\n'
    desk = desk_of(tmp_path, table)
    assert desk.named(ARN)[0] == "c:d"
    assert desk.named(f"{ARN}:live")[0] == "a:b"
    name, limits = desk.named("flows.app:lambda_handler")
    assert (name, replace(limits, stand_ins={})) == ("flows.app:lambda_handler", Limits())


def test_a_table_says_what_lambda_gives_the_function(written: Written, tmp_path: Path) -> None:
    file = written("handler.py", HANDLER)
    desk = desk_of(
        tmp_path,
        f"""
timeout_seconds = 6
memory_mb = 1024
[functions.menu]
function = "{file}:lambda_handler"
timeout_seconds = 3
environment = {{ TABLE = "menu" }}
[functions]
other = "{file}:lambda_handler"
""",
    )
    _, limits = desk.named("menu")
    assert (limits.timeout, limits.memory_mb, limits.environment) == (3, 1024, {"TABLE": "menu"})
    assert desk.named("other")[1].timeout == 6
    with Phone("menu", desk=desk) as phone:
        phone.dials().hears("menu 1024")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("timeout_seconds = 0", "timeout_seconds: Input should be greater than or equal to 1"),
        ("memory_mb = 64", "memory_mb: Input should be greater than or equal to 128"),
        ("[functions.a]\nfunction = 'a:b'\nmemory_mb = 1", "functions.a.memory_mb: Input should"),
        ("[functions.a]\ntimeout_seconds = 3", "functions.a.function: it is missing"),
        ("[functions]\na = 7", "functions.a: it is a table: write a = { function"),
        (
            "[functions.a]\nfunction = 'template.yaml:A'\ntimeout_seconds = 3",
            "template.yaml:A says Timeout and MemorySize itself",
        ),
        (
            "[functions.a]\nfunction = 'a:b'\nenvironment = { TABLE = 'x' }",
            "a:b does not get its variables from here: leave environment out",
        ),
    ],
)
def test_a_mistake_in_the_table_names_its_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        desk_of(tmp_path, text)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("app.handler", "is how Lambda writes it: write app.py:handler"),
        ("src/index.handler", "is how Lambda writes it: write src/index.js:handler"),
        ("src.index.handler", "is how Lambda writes it: write src/index.js:handler"),
        ("src/index.js", "names no function: write src/index.js:handler"),
        ("app.py", "names no function: write app.py:lambda_handler"),
    ],
)
def test_a_name_as_lambda_or_a_shell_writes_it_says_how_it_is_written_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, says: str
) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "index.js").write_text("")
    (tmp_path / "app.py").write_text("")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FunctionNotFound, match=says):
        reach(name)


def test_routes_of_a_function_elsewhere_are_its_own_affair(
    written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["routes", "--handler", f"{written('handler.py', HANDLER)}:lambda_handler"]) == 0
    assert "it runs elsewhere, so only it knows what it answers" in capsys.readouterr().out


def test_an_arn_that_nothing_stands_for_says_what_to_write(tmp_path: Path) -> None:
    says = r'write into \[tool.offhook.functions\] menu = "module:function"'
    with (
        Phone(desk=desk_of(tmp_path, application(ARN))) as phone,
        pytest.raises(FunctionNotFound, match=says),
    ):
        phone.dials()


def test_exploration_finds_it_by_its_arn(written: Written, tmp_path: Path) -> None:
    file = written("handler.py", HANDLER)
    desk = desk_of(tmp_path, f'[functions]\nmenu = "{file}:lambda_handler"\n').with_function(ARN)
    (application,) = desk.sip_media_applications
    explored = explore(desk, application, Options(at=[MONDAY_AT_TEN], faults=0))
    assert (explored.exit_code, explored.found) == (0, [])


def test_an_application_that_the_api_makes_finds_its_function_by_the_same_table(
    request: pytest.FixtureRequest,
) -> None:
    server = request.getfixturevalue("serves")(applications=(), functions={"menu": does(always())})
    voice = client(server)
    made = voice.create_sip_media_application(
        AwsRegion="us-east-1", Name="menu", Endpoints=[{"LambdaArn": f"{ARN}:live"}]
    )["SipMediaApplication"]
    does(in_turn(reply(TransactionAttributes={"told": "yes"})))
    ordered = voice.create_phone_number_order(
        ProductType="SipMediaApplicationDialIn", E164PhoneNumbers=[OURS]
    )
    assert ordered["PhoneNumberOrder"]
    until(lambda: OURS in server.service.account.numbers)
    call = voice.create_sip_media_application_call(
        FromPhoneNumber=OURS,
        ToPhoneNumber=THEIRS,
        SipMediaApplicationId=made.get("SipMediaApplicationId", ""),
    )["SipMediaApplicationCall"]
    placed = call_of(server, call.get("TransactionId", ""))
    until(lambda: placed.told.attributes == {"told": "yes"})


def test_the_function_of_an_application_is_shown_by_its_arn(
    request: pytest.FixtureRequest,
) -> None:
    app = config.SipMediaApplication(numbers=(OURS,), function=ARN)
    server = request.getfixturevalue("serves")(
        applications=(app,), functions={"menu": does(always())}
    )
    shown = client(server).list_sip_media_applications()["SipMediaApplications"]
    assert [app.get("Endpoints") for app in shown] == [[{"LambdaArn": ARN}]]


def test_a_function_of_this_process_is_told_its_limits() -> None:
    def handler(_event: object, context: object) -> object:
        assert isinstance(context, LambdaContext)
        return [
            context.function_name,
            context.memory_limit_in_mb,
            context.invoked_function_arn,
            context.get_remaining_time_in_millis() > 4_000,
        ]

    answer = ask(InProcess(handler, Limits(timeout=5, memory_mb=256, name="menu")))
    assert answer.reply == ["menu", "256", ARN, True]


def test_in_real_time_a_function_of_this_process_times_out() -> None:
    let_go = threading.Event()
    function = InProcess(lambda _event, _context: let_go.wait(10), Limits(timeout=0.1))
    answer = asyncio.run(function.invoke({}))
    let_go.set()
    assert answer.error == "Sandbox.Timedout: Task timed out after 0.10 seconds"
