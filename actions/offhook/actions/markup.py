"""SSML: whether a text is some, and how other people's words are put into it."""

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final, LiteralString

from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_WRITE: Final[dict[str, LiteralString]] = {
    "&": "write &amp; for &; besides there are &lt; &gt; &quot; &apos; and numbers, as in &#233;",
    "<": "write &lt; for < that is said, and close every tag, as in <break/>",
    "": 'SSML is <speak>...</speak>; any other text has text_type="text"',
}


def ssml(template: str, **words: object) -> str:
    """SSML with other people's words in it: `ssml("<speak>Dear {name}</speak>", name=name)`.
    Whatever is put into the template is said, and is never a tag."""
    from html import escape

    # But what XML cannot write.
    unsaid = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    return template.format(**{name: escape(unsaid.sub(" ", f"{words[name]}")) for name in words})


def parse(text: str) -> "Element":
    """The `<speak>` of a text. Raises `ValueError`: where in the text it is none, what to write."""
    from xml.etree.ElementTree import TreeBuilder
    from xml.parsers.expat import ExpatError, ParserCreate

    parser, tree = ParserCreate(), TreeBuilder()  # without namespaces: Polly knows amazon:
    parser.StartElementHandler, parser.EndElementHandler = tree.start, tree.end
    parser.CharacterDataHandler = tree.data
    with suppress(ExpatError):
        parser.Parse(text, True)
        if (root := tree.close()).tag == "speak":
            return root
    read = text[: len(text.encode()[: parser.ErrorByteIndex].decode(errors="ignore")) + 1]
    found = re.search(r"(?s)&[\w#]*.?$", read) or re.search("<[^<]*$", read)
    at, sign = (found.start(), found[0][0]) if found and "<speak" in text else (0, "")
    place = {"line": text.count("\n", 0, at) + 1, "character": at - text.rfind("\n", 0, at)}
    says: LiteralString = (
        "the text is no SSML at line {line}, character {character}: " + _WRITE[sign]
    )
    raise PydanticCustomError("ssml", says, place)
