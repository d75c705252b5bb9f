"""Where a source of the catalogue is to be read."""

import re
from typing import Final

DOCS: Final = "https://docs.aws.amazon.com"
PAGES: Final = {
    "dg/": f"{DOCS}/chime-sdk/latest/dg/{{}}.html",
    "ag/": f"{DOCS}/chime-sdk/latest/ag/{{}}.html",
    "api/": f"{DOCS}/chime-sdk/latest/APIReference/API_voice-chime_{{}}.html",
    "general/": f"{DOCS}/general/latest/gr/{{}}.html",
    "polly/": f"{DOCS}/polly/latest/dg/{{}}.html",
    "lambda/": f"{DOCS}/lambda/latest/dg/{{}}.html",
    "github/": "https://github.com/{}",
}
"""A source begins with one of these; what follows is the page."""

SAMPLES: Final = "samples"
"""Published handlers of others, or logs of them, of which no one alone is the source."""

SOURCE: Final = re.compile(r"[\w-]+(/[\w.#-]+)+")


def url(source: str) -> str:
    """The address of a source; a KeyError says that it is none."""
    if source == SAMPLES:
        return "samples.md"
    kind, _, page = source.partition("/")
    if not SOURCE.fullmatch(source):
        raise KeyError(source)
    return PAGES[f"{kind}/"].format(page)
