"""The desk: where it is read from, what beats what, and what each mistake says.

About `offhook.emulator.service.config_file`, `offhook.emulator.service.mistakes`.
"""

import os
from pathlib import Path
from typing import TypeAlias, cast

import pytest

from offhook.actions import Hangup, PlayAudio
from offhook.actions.fields import PROMPTS_BUCKET
from offhook.emulator.service.config import Desk, SipMediaApplication, load
from offhook.emulator.service.config_file import ConfigError, NoNumber
from offhook.emulator.testing import Phone
from offhook.handler import OffhookError
from tests.emulator.functions import Event, reply

APPLICATION = """
[[tool.offhook.sip_media_applications]]
name = "workshop"
numbers = ["+15550100100", "+15550100101"]
function = "flows.app:lambda_handler"
"""


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("OFFHOOK_")]:
        monkeypatch.delenv(name)


def project(folder: Path, text: str) -> Path:
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder


Source: TypeAlias = dict[str, dict[str, str]]


def fault(folder: Path) -> str:
    with pytest.raises(ConfigError) as raised:
        load(folder)
    assert isinstance(raised.value, OffhookError)
    return str(raised.value)


def test_without_a_file_the_desk_is_as_by_default(tmp_path: Path) -> None:
    desk = load(tmp_path)
    assert desk.numbers == {}
    assert desk.prompts == tmp_path / "prompts"
    assert (desk.account, desk.region) == ("123456789012", "us-east-1")


def test_the_table_in_pyproject_is_read(tmp_path: Path) -> None:
    text = '[tool.offhook]\naccount = "210987654321"\nprompts = "audio"\n' + APPLICATION
    desk = load(project(tmp_path, text))
    assert desk.account == "210987654321"
    assert desk.prompts == tmp_path / "audio"
    assert list(desk.numbers) == ["+15550100100", "+15550100101"]
    assert desk.numbers["+15550100101"].function == "flows.app:lambda_handler"


def test_offhook_toml_is_read_where_pyproject_has_no_such_table(tmp_path: Path) -> None:
    (tmp_path / "offhook.toml").write_text(
        'region = "eu-central-1"\n[settings]\nbarge_in = false\n'
    )
    project(tmp_path, "[tool.other]\nx = 1\n")
    desk = load(tmp_path)
    assert desk.region == "eu-central-1"
    assert desk.settings.barge_in is False


def test_the_table_in_pyproject_beats_offhook_toml(tmp_path: Path) -> None:
    (tmp_path / "offhook.toml").write_text('region = "eu-central-1"\n')
    desk = load(project(tmp_path, '[tool.offhook]\nregion = "us-west-2"\n'))
    assert desk.region == "us-west-2"


def test_a_variable_beats_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '[tool.offhook]\nregion = "us-west-2"\n[tool.offhook.settings]\nbarge_in = true\n'
    monkeypatch.setenv("OFFHOOK_REGION", "eu-west-1")
    monkeypatch.setenv("OFFHOOK_BARGE_IN", "false")
    monkeypatch.setenv("OFFHOOK_MAX_INVOCATIONS", "7")
    desk = load(project(tmp_path, text))
    assert desk.region == "eu-west-1"
    assert (desk.settings.barge_in, desk.settings.max_invocations) == (False, 7)


def test_what_one_desk_tells_its_function_is_no_wish_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PROMPTS_BUCKET, raising=False)

    def function(event: Event, _context: object) -> object:
        if event["InvocationEventType"] != "NEW_INBOUND_CALL":
            return reply(Hangup())
        played = PlayAudio(audio_source="welcome.wav").to_wire()
        buckets.append(cast("Source", played["Parameters"])["AudioSource"]["BucketName"])
        return reply(played)

    buckets: list[str] = []
    for bucket in ("spring", "autumn"):
        folder = tmp_path / bucket
        folder.mkdir()
        desk = load(project(folder, f'[tool.offhook]\nprompts_bucket = "{bucket}"\n'))
        with Phone(function, desk=desk) as phone:
            phone.dials().waits(1)
    assert buckets == ["spring", "autumn"]
    assert PROMPTS_BUCKET not in os.environ  # nor of whoever comes later


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            '[tool.offhook]\naccount = "17"\n',
            'account: "17" is none: write it as in "123456789012"',
        ),
        (
            "[tool.offhook]\naccount = 123456789012\n",
            'account: it is text: write account = "123456789012"',
        ),
        (
            '[tool.offhook]\nregion = "Europe"\n',
            'region: "Europe" has no PSTN Audio: write one of us-east-1, us-west-2, ap-n',
        ),
        (
            '[tool.offhook]\nregion = "us-esat-1"\n',
            'region: "us-esat-1" has no PSTN Audio: write one of us-east-1, ',
        ),
        (
            '[tool.offhook]\nregoin = "us-east-1"\n',
            "regoin: there is no such key: did you mean region?",
        ),
        ("[tool.offhook]\nprompts = 3\n", "prompts: Input is not a valid path"),
        ('[tool.offhook]\nsip_rules = ["night"]\n', "sip_rules.0: it is a table: write { name"),
        ("[tool.offhook]\ns3 = 'folders'\n", "s3: it is a table: write s3 = { endpoint = ... }"),
        (
            "[tool.offhook.far_ends]\n5550100300 = { is = 'Voicemail' }\n",
            "far_ends.5550100300.[key]: a number begins with + and its country, as in +15550100300",
        ),
        ("[tool.offhook]\nsettings = 5\n", "settings: it is a table: write settings = { "),
        (
            '[tool.offhook.settings]\nbarge_in = "perhaps"\n',
            "settings.barge_in: Input should be a valid boolean",
        ),
        (
            "[tool.offhook.settings]\nbargein = true\n",
            "settings.bargein: there is no such key: did you mean barge_in?",
        ),
        (
            '[tool.offhook.settings]\nbad_reply = "shrug"\n',
            "settings.bad_reply: Input should be 'invalid_lambda_response' or 'hang_up'",
        ),
        (
            '[tool.offhook]\nsip_media_applications = "flows.app"\n',
            'sip_media_applications: it is a list: write sip_media_applications = ["flows.app"]',
        ),
        (
            '[[tool.offhook.sip_media_applications]]\nnumbers = ["+15550100100"]\n',
            "sip_media_applications.0.function: it is missing",
        ),
        (
            '[tool.offhook.sip_media_applications]\nfunction = "a:b"\n',
            "sip_media_applications: it is a list of tables: write [[sip_media_applications]]",
        ),
        (
            "[tool.offhook]\ns3 = { endpoint = 'folder' }\n",
            's3.endpoint: "folder" is none: write it as in "embedded", "embedded:4566", "folders"',
        ),
        (
            "[tool.offhook.tables]\norders = { key = ['id:X'] }\n",
            'tables.orders.key.0: "id:X" is none: write it as in "name", "number:N"',
        ),
        (
            "[tool.offhook.tables]\norders = { key = 'id' }\n",
            'tables.orders.key: it is a list: write key = ["id"]',
        ),
        (
            "[tool.offhook.functions.orders]\nfunction = 'a:b'\nenvironment = { LIMIT = 3 }\n",
            'functions.orders.environment.LIMIT: it is text: write LIMIT = "3"',
        ),
        (
            '[[tool.offhook.sip_media_applications]]\nfunction = "a:b"\nnumbers = []\n',
            "sip_media_applications.0.numbers: ",
        ),
        (
            APPLICATION + APPLICATION.replace("workshop", "night"),
            "sip_media_applications: numbers are there twice: ['+15550100100', '+15550100101']",
        ),
        (
            APPLICATION + APPLICATION.replace("+155501001", "+155501002"),
            "sip_media_applications: names are there twice: ['workshop']",
        ),
    ],
)
def test_a_mistake_names_its_place_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    message = fault(project(tmp_path, text))
    assert message.startswith(f"[tool.offhook] of {tmp_path / 'pyproject.toml'}: {says}")
    assert "\n" not in message


def test_a_number_that_is_none_says_how_to_write_it(tmp_path: Path) -> None:
    text = '[[tool.offhook.sip_media_applications]]\nfunction = "a:b"\nnumbers = ["555-0100"]\n'
    assert "numbers.0: a phone number is written in E.164" in fault(project(tmp_path, text))


def test_two_mistakes_are_two_lines(tmp_path: Path) -> None:
    message = fault(project(tmp_path, '[tool.offhook]\naccount = "17"\nregion = "Europe"\n'))
    assert len(message.splitlines()) == 2


def test_in_a_folder_below_its_own_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = project(tmp_path, APPLICATION) / "tests" / "calls"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    with Phone() as phone, pytest.raises(NoNumber) as raised:
        phone.dials()
    said = f"[tool.offhook] of {tmp_path / 'pyproject.toml'}, which is read in {tmp_path}: go there"
    assert str(raised.value).endswith(f". There is {said}")


def test_a_file_that_windows_wrote_is_read(tmp_path: Path) -> None:
    text = '\ufeff[tool.offhook]\r\nregion = "eu-central-1"\r\n'
    (tmp_path / "pyproject.toml").write_bytes(text.encode())
    assert load(tmp_path).region == "eu-central-1"


def test_the_tables_of_the_other_file_are_told_how_they_are_called(tmp_path: Path) -> None:
    (tmp_path / "offhook.toml").write_text('[tool.offhook]\nregion = "eu-central-1"\n')
    assert "the tables have no tool.offhook, as in [[sip_media_app" in fault(tmp_path)


def test_a_mistake_in_offhook_toml_names_that_file(tmp_path: Path) -> None:
    (tmp_path / "offhook.toml").write_text('account = "17"\n')
    assert fault(tmp_path).startswith(f"{tmp_path / 'offhook.toml'}: account: ")


@pytest.mark.parametrize(
    ("variable", "value"),
    [("OFFHOOK_ACCOUNT", "17"), ("OFFHOOK_REGION", ""), ("OFFHOOK_BARGE_IN", "perhaps")],
)
def test_a_mistake_in_a_variable_names_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert fault(project(tmp_path, APPLICATION)).startswith(f"environment variable {variable}: ")


@pytest.mark.parametrize("name", ["pyproject.toml", "offhook.toml"])
@pytest.mark.parametrize("content", [b"[tool.offhook\n", b"\xff\xfe", b"a = 1\na = 2\n"], ids=repr)
def test_what_is_no_toml_names_the_file(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert fault(tmp_path).startswith(f"{tmp_path / name} is not TOML: ")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()
    assert fault(tmp_path).startswith(f"{tmp_path / 'pyproject.toml'} cannot be read: ")


def test_the_table_must_be_a_table(tmp_path: Path) -> None:
    message = fault(project(tmp_path, '[tool]\noffhook = "flows.app"\n'))
    assert (
        message == f"{tmp_path / 'pyproject.toml'}: offhook must be a table: write [tool.offhook]"
    )


def test_one_function_can_answer_every_number() -> None:
    apps = tuple(
        SipMediaApplication(name=number, numbers=(number,), function="a:b")
        for number in ("+15550100100", "+15550100101")
    )
    desk = Desk(sip_media_applications=apps).with_function("c:d")
    assert {app.function for app in desk.numbers.values()} == {"c:d"}
    assert list(Desk().with_function("c:d").numbers) == ["+15550100100"]
