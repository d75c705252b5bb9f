"""Makes `actions/offhook/actions/polly.py` from botocore's model of Amazon Polly."""

from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import cast

from botocore.loaders import Loader
from botocore.model import ServiceModel, StringShape

FILE = Path(__file__).parents[1] / "actions/offhook/actions/polly.py"

HEAD = '''\
"""What Amazon Polly takes. Made by docs/generate_polly.py from botocore: `make docs`."""

from typing import Final, Literal, TypeAlias

'''


def listed(shape: str) -> Sequence[str]:
    """The values of a shape of Polly's model."""
    model = ServiceModel(Loader().load_service_model("polly", "service-2"))
    return cast("StringShape", model.shape_for(shape)).enum


def text() -> str:
    """The whole file."""
    engines = ", ".join(f'"{engine}"' for engine in listed("Engine"))
    return HEAD + "".join(
        [
            f"Engines: TypeAlias = Literal[{engines}]\n",
            _words("LANGUAGE_CODES", listed("LanguageCode")),
            _words("VOICE_IDS", listed("VoiceId")),
        ]
    )


def _words(name: str, words: Sequence[str]) -> str:
    """One name a word: a line for each would be a hundred."""
    lines = "\n".join(wrap(" ".join(sorted(words)), width=99, break_on_hyphens=False))
    return f'{name}: Final = """\n{lines}\n"""\n'


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
