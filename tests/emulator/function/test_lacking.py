"""What a template lacks of what the flows need; and that Offhook's own lacks nothing."""

import re
from pathlib import Path

import pytest

from offhook.emulator.function.function import FunctionNotFound
from offhook.emulator.function.lacking import has_no_follow, lacks, stack_of

ROOT = Path(__file__).parents[3]
NAME = "app:handler"
SOURCE = """
from offhook.handler import follow, once
PlayAudio(audio_source="welcome.wav")
RecordAudio(recording_destination="voicemail")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Flows that need everything, with the template that has it."""
    (tmp_path / "app.py").write_text(SOURCE, encoding="utf-8")
    template = (ROOT / "template.yaml").read_text(encoding="utf-8")
    ours = template.replace("flows.app.lambda_handler", "app.handler")
    (tmp_path / "template.yaml").write_text(ours, encoding="utf-8")
    return tmp_path


def without(project: Path, pattern: str) -> list[str]:
    """What is lacking when this is taken out of the template."""
    file = project / "template.yaml"
    text = file.read_text(encoding="utf-8")
    left = re.sub(rf"(?m){pattern}", "", text)
    assert left != text
    file.write_text(left, encoding="utf-8")
    return [lack.says for lack in lacks(project, NAME)]


def test_a_template_that_has_it_all_lacks_nothing(project: Path) -> None:
    assert lacks(project, NAME) == []
    assert lacks(ROOT, "flows.app:lambda_handler") == []


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("^ *OFFHOOK_PROMPTS_BUCKET.*\n", "sets no OFFHOOK_PROMPTS_BUCKET, and app.py:3"),
        ("^ *OFFHOOK_RECORDINGS_BUCKET.*\n", "sets no OFFHOOK_RECORDINGS_BUCKET, and app.py:4"),
        ("^ *OFFHOOK_LEDGER.*\n", "sets no OFFHOOK_LEDGER, and app.py:2"),
        ("^ *OFFHOOK_DELIVERIES.*\n", "sets no OFFHOOK_DELIVERIES, and app.py:2"),
        ("^  PromptsPolicy:\n(    .*\n)+", "no policy of Prompts gives"),
        ("^  RecordingsPolicy:\n(    .*\n)+", "no policy of Recordings gives"),
        ("^ *Action: s3:GetObject\n", "no policy of Prompts gives"),
        (", s3:PutObjectAcl(?=\\])", "gives voiceconnector.chime.amazonaws.com s3:PutObjectAcl"),
        ("^ *Resource: !GetAtt Ledger.Arn\n", "the role of CallFunction may not use Ledger"),
        ("^  ServiceMayInvoke:\n(    .*\n)+", "may not invoke CallFunction"),
    ],
)
def test_what_is_taken_away_is_missed(project: Path, pattern: str, says: str) -> None:
    (said,) = without(project, pattern)
    assert says in said


@pytest.mark.parametrize(
    ("action", "other", "lacking"),
    [
        ("s3:GetObject", "s3:GetObjectTagging", 1),
        ("s3:GetObject", "s3:Get*", 0),
        ("[s3:PutObject, s3:PutObjectAcl]", "s3:*", 0),
        ("[s3:PutObject, s3:PutObjectAcl]", "[s3:PutObjectAcl]", 1),
        ("lambda:InvokeFunction", "lambda:GetFunction", 1),
    ],
)
def test_what_is_allowed_is_read_as_it_stands(
    project: Path, action: str, other: str, lacking: int
) -> None:
    file = project / "template.yaml"
    text = file.read_text(encoding="utf-8")
    assert f"Action: {action}\n" in text
    changed = text.replace(f"Action: {action}\n", f"Action: {other}\n")
    file.write_text(changed, encoding="utf-8")
    assert len(lacks(project, NAME)) == lacking


def test_a_function_that_is_named_by_its_template_is_looked_at_too(project: Path) -> None:
    assert lacks(project, "template.yaml:CallFunction") == []
    without(project, "^ *OFFHOOK_PROMPTS_BUCKET.*\n")
    (lack,) = lacks(project, "template.yaml:CallFunction")
    assert (lack.function, lack.variable) == ("CallFunction", "OFFHOOK_PROMPTS_BUCKET")


def test_a_variable_that_somebody_else_sets_is_trusted(project: Path) -> None:
    file = project / "template.yaml"
    text = file.read_text(encoding="utf-8").replace("_BUCKET: !Ref Prompts", "_BUCKET: other")
    file.write_text(text, encoding="utf-8")
    assert lacks(project, NAME) == []


def test_what_is_not_deployed_from_here_lacks_nothing(project: Path) -> None:
    assert stack_of(project, "other:handler") is None
    assert lacks(project, "http://127.0.0.1:3001") == []
    (project / "template.yaml").unlink()
    assert lacks(project, NAME) == []


def test_a_template_that_cannot_be_read_says_so(project: Path) -> None:
    (project / "template.yaml").write_text("Resources: [", encoding="utf-8")
    with pytest.raises(FunctionNotFound, match="cannot be read as a template"):
        lacks(project, NAME)


def test_who_tells_the_ledger_nothing_is_known(project: Path) -> None:
    assert not has_no_follow(project, NAME)
    (project / "app.py").write_text("from offhook.handler import Router", encoding="utf-8")
    assert has_no_follow(project, NAME)
    assert not has_no_follow(project, "elsewhere:handler")
