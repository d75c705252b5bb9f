"""What a function needs of its stack, as its source says."""

from pathlib import Path

import pytest

from offhook.emulator.function.needs import imports, needs


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        file = folder / f"{name.replace('__', '/')}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("source", "variable"),
    [
        ("PlayAudio(audio_source='welcome.wav')", "OFFHOOK_PROMPTS_BUCKET"),
        ("PlayAudio(audio_source=f'fr/{name}.wav')", "OFFHOOK_PROMPTS_BUCKET"),
        ("PlayAudio(audio_source='fr/' + name)", "OFFHOOK_PROMPTS_BUCKET"),
        ("KEY = 'welcome.wav'\nactions.PlayAudio(audio_source=KEY)", "OFFHOOK_PROMPTS_BUCKET"),
        ("PlayAudioAndGetDigits(failure_audio_source='no.wav')", "OFFHOOK_PROMPTS_BUCKET"),
        ("CallAndBridge(ringback_tone='ring.wav')", "OFFHOOK_PROMPTS_BUCKET"),
        ("RecordAudio(recording_destination='voicemail')", "OFFHOOK_RECORDINGS_BUCKET"),
        ("RecordAudio(recording_destination='')", "OFFHOOK_RECORDINGS_BUCKET"),
        ("StartCallRecording(destination='talks')", "OFFHOOK_RECORDINGS_BUCKET"),
        ("os.environ['TABLE']", "TABLE"),
        ("from offhook.handler import Router, follow", "OFFHOOK_LEDGER"),
        ("from offhook.handler import calls", "OFFHOOK_LEDGER"),
        ("from offhook.handler import once", "OFFHOOK_DELIVERIES"),
    ],
)
def test_what_fails_without_a_variable_needs_it(source: str, variable: str, tmp_path: Path) -> None:
    (need,) = needs(written(tmp_path, app=source), "app").values()
    assert (need.variable, need.where[:7]) == (variable, "app.py:")


@pytest.mark.parametrize(
    "source",
    [
        "PlayAudio(audio_source='s3://bucket/welcome.wav')",
        "PlayAudio(audio_source=f's3://{bucket}/welcome.wav')",
        "PlayAudio(audio_source=chosen())",
        "RecordAudio(recording_destination='s3://bucket')",
        "copy(destination='elsewhere')",
        "os.environ.get('TABLE')",
        "os.environ['AWS_REGION']",
        "os.environ['TABLE'] = 'mine'",
        "from offhook.handler import Router",
        "A = B\nB = A\nPlayAudio(audio_source=A)",
    ],
)
def test_what_says_all_of_it_needs_nothing(source: str, tmp_path: Path) -> None:
    assert needs(written(tmp_path, app=source), "app") == {}


def test_what_is_imported_of_the_same_folder_is_read_and_nothing_else(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        flows__app="from flows import hello\nimport json\nfrom . import near",
        flows__hello="from offhook.handler import follow",
        flows__near="PlayAudio(audio_source='a.wav')",
        flows__other="os.environ['TABLE']",
        flows__broken="def",
    )
    assert needs(folder, "flows.app").keys() == {"OFFHOOK_LEDGER", "OFFHOOK_PROMPTS_BUCKET"}
    assert imports(folder, "flows.app", "follow")
    assert not imports(folder, "flows.near", "follow")
    assert needs(folder, "flows.broken") == {}
