"""Makes `docs/settings.md` from `emulator/offhook/emulator/settings.py`."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args, get_origin

from annotated_types import Ge, Gt
from pydantic.fields import FieldInfo

from offhook.emulator.server.documents.docstrings import docs
from offhook.emulator.testing import Settings

PAGE = Path(__file__).with_name("settings.md")

SURE = ("High", "Medium-high", "Medium", "Low", "Undecided", "Not documented")
"""How sure we are of a default: the last words of what is said of it."""
CONFIDENCE = re.compile(rf"(?<=[.)]) ({'|'.join(SURE)})\.")

HEAD = """\
<!-- Made by docs/generate_settings.py: change settings.py of the emulator, then `make docs`. -->

# Settings: what AWS leaves open

Where the documentation of PSTN Audio is silent or contradicts itself, the emulator asks a
setting. Its default is what the best evidence supports: pages of the developer guide (`dg/...`),
real logs, samples that evidently work. If your calls show otherwise, set it, and tell us.

In `pyproject.toml` (in `offhook.toml` the table is `[settings]`):

```toml
[tool.offhook.settings]
barge_in = false
```

An environment variable beats the file: `OFFHOOK_BARGE_IN=false make call`. In a test:
`Phone(settings=Settings(barge_in=False))`.

The default is in bold. The last column says how sure we are of it.

| setting | values | what it decides | how sure |
|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(f"{row}\n" for row in rows())


def rows() -> Iterator[str]:
    """A row for each setting, in the order of the file."""
    for name, text in docs(Settings).items():
        marks = CONFIDENCE.findall(text)
        decides = CONFIDENCE.sub("", text) if len(marks) == 1 else text
        sure = ", then ".join(mark.lower() for mark in marks)
        cells = (f"`{name}`", values(Settings.model_fields[name]), decides, sure)
        yield f"| {' | '.join(cells)} |"


def values(field: FieldInfo) -> str:
    """What a setting can be, its default in bold."""
    if get_origin(field.annotation) is Literal:
        found = [str(value) for value in get_args(field.annotation)]
    elif field.annotation is bool:
        found = ["true", "false"]
    else:
        return f"**`{_toml(field.default)}`**{_bound(field)}"
    return ", ".join(f"**`{one}`**" if one == _toml(field.default) else f"`{one}`" for one in found)


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _bound(field: FieldInfo) -> str:
    for bound in field.metadata:
        match bound:
            case Gt(gt=least):
                return f", or another number above {least}"
            case Ge(ge=least):
                return f", or another number from {least}"
            case _:
                continue
    return ", or another text"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
