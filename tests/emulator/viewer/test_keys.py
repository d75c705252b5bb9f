"""Which keys are in a sound, as the phone's page hears them in its microphone. Skipped without
Node."""

import random
import shutil
import subprocess
from array import array
from collections.abc import Callable, Iterator
from math import pi, sin
from subprocess import PIPE

import pytest

from offhook.emulator.call.audio import speech
from offhook.emulator.media.espeak import found
from offhook.emulator.viewer.files import FILES

NODE = shutil.which("node")
LOW, HIGH = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
KEYS = "123A456B789C*0#D"
ALL = "159*0#73142866"

HEARS = """
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
const { KeyEar } = await import(process.argv[1]);
for await (const file of createInterface(process.stdin)) {
  const bytes = readFileSync(file);
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  const ear = new KeyEar(), heard = [];
  for (let n = 0; n < samples.length; n += 160) {
    heard.push(...ear.hear(samples.subarray(n, n + 160)));
  }
  console.log(heard.join(""));
}
"""

Hears = Callable[[bytes], str]
"""The keys that are heard in a sound."""

pytestmark = pytest.mark.skipif(NODE is None, reason="there is no Node")


def keyed(keys: str, on: int, off: int, level: float, noise: float = 0.0) -> bytes:
    """Tones of so many milliseconds, and pauses."""
    draw = random.Random(1)
    samples = array("h")
    for key in keys:
        row, column = divmod(KEYS.index(key), 4)
        for n in range(8 * (on + off)):
            tones = sin(2 * pi * LOW[row] * n / 8000) + sin(2 * pi * HIGH[column] * n / 8000)
            heard = level * tones / 2 if n < 8 * on else 0.0
            samples.append(round(32767 * max(-1, min(1, heard + draw.gauss(0, noise)))))
    return samples.tobytes()


@pytest.fixture(scope="module")
def hears(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hears]:
    """One Node for all stories, which has another ear for each sound."""
    folder = tmp_path_factory.mktemp("ear")
    module, file = folder / "keys.mjs", folder / "sound"
    module.write_bytes(FILES["keys.js"].read_bytes())
    command = [str(NODE), "--input-type=module", "-e", HEARS, "--", str(module)]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as node:

        def heard(sound: bytes) -> str:
            file.write_bytes(sound)
            print(file, file=node.stdin, flush=True)
            assert node.stdout is not None
            line = node.stdout.readline()
            assert line.endswith("\n"), "Node has ended"
            return line.strip()

        yield heard


@pytest.mark.parametrize(
    ("on", "off", "level", "noise"),
    [
        (100, 80, 0.25, 0),
        (70, 60, 0.1, 0),
        (60, 50, 0.05, 0),
        (80, 60, 0.25, 0.02),
        (900, 90, 0.3, 0),
    ],
)
def test_each_key_is_heard_once(
    hears: Hears, on: int, off: int, level: float, noise: float
) -> None:
    assert hears(keyed(ALL, on, off, level, noise)) == ALL


def test_the_same_key_twice_is_two(hears: Hears) -> None:
    assert hears(keyed("1199", 100, 80, 0.25)) == "1199"


def test_keys_that_no_telephone_has_are_none(hears: Hears) -> None:
    assert hears(keyed("1A2D", 100, 80, 0.25)) == "12"


def test_speech_has_no_keys(hears: Hears) -> None:
    voice = found()
    if voice is None:
        pytest.skip("the extra `speech` is not installed")
    text = "To speak with us, press one. We are open from nine to six, every day but Sunday."
    assert hears(voice.says(speech(text, "text", 160))) == ""
