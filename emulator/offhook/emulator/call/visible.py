"""What a terminal and a log may be given: control characters are shown, and do nothing.

What is said, typed or sent could otherwise move the cursor, paint over what stands there, or begin
a line of its own.
"""

import re

_HIDDEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
    # Where a function failed, and why, stands below what it said.
    r"|\n(?!  (?:at |the desk\b|this went to AWS))"
)


def visible(text: str) -> str:
    r"""One line, with control characters as in `\x1b`."""
    if text.isprintable():
        return text
    return _HIDDEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def visible_lines(text: str) -> str:
    """The same for a text of several lines."""
    return "\n".join(map(visible, text.split("\n")))
