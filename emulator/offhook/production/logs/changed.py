"""A call that happened, made nobody's.

What tells of a caller is changed by what it is: numbers, digits that were pressed, ids, and the
values of headers, arguments, attributes and slots. The application's own words stay, but what of a
caller is in them does not.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache, partial
from math import isfinite
from typing import Final, TypeAlias, cast

from pydantic import JsonValue

from offhook.production.logs.found import ID
from offhook.production.logs.pseudonyms import (
    ACCOUNT,
    SHORTEST,
    Pseudonyms,
    digits_of,
    fitted,
    shortened,
)
from offhook.production.logs.recorded import Exchange, RecordedCall
from offhook.production.logs.vocabulary import Vocabulary

Fields: TypeAlias = Mapping[str, JsonValue]

VALUES: Final[Mapping[str, str]] = {
    "TransactionAttributes": "attribute",
    "SessionAttributes": "attribute",
    "SipHeaders": "header",
    "Arguments": "argument",
    "Slots": "slot",
    "InputTranscript": "transcript",
}
"""Where values are, and what each is called."""
KEYS: Final = "ReceivedDigits"
"""Where the keys are that somebody has pressed."""
FEW_WORDS: Final = 5
"""A value of so many words is looked for word by word, as a name is: those with a capital."""
OURS: Final = "offhook"
"""The attribute in which the router keeps what it remembers; it holds nothing of a caller."""
_STAYS: Final = re.compile(
    r"\w*InMilliseconds|SchemaVersion|InvocationEventType|Type|ParticipantTag|Direction|Status"
    r"|AwsRegion|VoiceId|LanguageCode|LocaleId|Engine|TextType|ContentType|ErrorType|Track|Format"
    r"|State|Name|ConfirmationState|Score"
)
"""Keys of what the service itself says, or is told."""
_SOMEBODY: Final = re.compile("From|To")
_NOBODY: Final = re.compile(r"(?i)|sma|anonymous|restricted|private|unavailable|unknown")

_TIME: Final = r"[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"
_DATE: Final = rf"(?<!\d)(?:19|20)\d\d[-/]\d\d[-/]\d\d(?:{_TIME})?"
_MAY_TELL: Final = re.compile("[0-9@]")
_TOLD: Final = re.compile(
    rf"(?P<id>(?i:{ID}))|(?P<date>{_DATE})|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<ip>(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]))"
    r"|(?P<number>(?<![\w+])\+?\d(?:[ \t().,/\-\u2010-\u2013]{0,3}\d){6,}(?!\w))"
)


class Changed:
    """Changes one call after the other, and counts what it does."""

    def __init__(self, pseudonyms: Pseudonyms, vocabulary: Vocabulary) -> None:
        self._pseudonyms = pseudonyms
        self._vocabulary = vocabulary
        self._secrets: dict[str, str] = {}
        self._made: dict[tuple[int, str], JsonValue] = {}
        self._texts: dict[str, str] = {}
        self.counted: Counter[str] = Counter()
        """How many were changed, each text counted once a call: `numbers`, `ids`, `digits`, and
        every value of `header X-Account`, ..."""

    def call(self, call: RecordedCall) -> RecordedCall:
        """The same call, and nobody's."""
        self._secrets, self._made, self._texts = {}, {}, {}
        for exchange in call.exchanges:
            self._collect(exchange.event, {})
            self._collect(exchange.reply, {})
        self._texts = {}  # what was read so far did not know all secrets
        self._secrets = dict(sorted(self._secrets.items(), key=lambda each: -len(each[0])))
        return call.model_copy(
            update={
                "transaction": shortened(call.transaction),
                "is_pseudonymised": True,
                "exchanges": [self._exchange(each) for each in call.exchanges],
            }
        )

    def _exchange(self, exchange: Exchange) -> Exchange:
        return exchange.model_copy(
            update={
                "event": self._walk(exchange.event),
                "reply": self._walk(exchange.reply),
                "error": self.text(exchange.error),
            }
        )

    # What a caller has brought, wherever it will be met again.

    def _collect(self, value: JsonValue, parameters: Fields) -> None:
        if isinstance(value, list):
            for each in value:
                self._collect(each, parameters)
        if not isinstance(value, dict):
            return
        if isinstance(own := value.get("Parameters"), dict):
            parameters = own
        for name, each in value.items():
            if name in VALUES:
                self._made[id(value), name] = self._value(VALUES[name], "", each)
            elif name == KEYS and isinstance(each, str):
                self._made[id(value), name] = self._keys(each, parameters)
            elif isinstance(each, dict | list):
                self._collect(each, parameters)

    def _keys(self, keys: str, parameters: Fields) -> str:
        if len(digits_of(keys)) <= 2:
            return keys  # a choice
        expression = parameters.get("InputDigitsRegex")
        asked = expression if isinstance(expression, str) else ""
        other = self._pseudonyms.digits(keys, asked)
        if other != keys:
            self.counted["digits"] += 1
            self._secrets[digits_of(keys)] = digits_of(other)
        return other

    # All of a call.

    def _walk(self, value: JsonValue) -> JsonValue:
        if isinstance(value, dict):
            return {
                key if key.isalpha() else self.text(key): self._field(value, key, each)
                for key, each in value.items()
            }
        if isinstance(value, list):
            return [self._walk(each) for each in value]
        return self.text(value) if isinstance(value, str) else value

    def _field(self, within: Fields, name: str, value: JsonValue) -> JsonValue:
        if name in VALUES or name == KEYS:
            return self._made.get((id(within), name), value)
        if not isinstance(value, str):
            return self._walk(value)
        if name == "AwsAccountId":
            return ACCOUNT
        if _stays(name):
            return value
        other = self.text(value)
        if _SOMEBODY.fullmatch(name) and other == value and not digits_of(value):
            return value if _NOBODY.fullmatch(value) else self._pseudonyms.word("caller", value)
        return other

    def _value(self, place: str, name: str, value: JsonValue) -> JsonValue:
        """What a header, an argument, an attribute or a slot has: by its type."""
        if isinstance(value, dict):
            return {
                self.text(key): self._value(
                    place, key if place != "slot" or not name else name, each
                )
                if not (place == "attribute" and key == OURS)
                else self._walk(each)
                for key, each in value.items()
            }
        if isinstance(value, list):
            return [self._value(place, name, each) for each in value]
        if value is None or isinstance(value, bool):
            return value
        where = f"{place} {name}".rstrip()
        other = self._typed(where, name or place, value)
        if other != value:
            self.counted[where] += 1
        return other

    def _typed(self, where: str, name: str, value: str | float) -> JsonValue:
        if not isinstance(value, str):
            is_small = abs(value) < 100
            is_kept = is_small or self._vocabulary.is_a_choice(where, str(value))
            return value if is_kept else self._other_number(value)
        if value[:1] in ("{", "["):
            try:
                inside = cast("JsonValue", json.loads(value))
            except ValueError:
                pass
            else:
                place, _, path = where.partition(" ")
                return json.dumps(self._value(place, path, inside), ensure_ascii=False)
        digits = digits_of(value)
        if value.strip() == "" or (len(digits) <= 2 and re.fullmatch(r"[\d*#]+", value)):
            return value
        if self._vocabulary.is_a_choice(where, value):
            return self.text(value)
        if re.fullmatch(r"[\d*#]+", value):
            return self._remember(value, self._digits(value))
        if (found := _TOLD.fullmatch(value)) and found.lastgroup != "date":
            return self._told(found)  # found wherever it stands
        if re.fullmatch(r"(?i)true|false|yes|no|null|none", value):
            return value
        if re.fullmatch(_DATE, value):
            return self._remember(value, re.sub(r"-\d\d-\d\d", "-01-01", value, count=1))
        other = self._pseudonyms.word(name, value)
        is_a_state = where.startswith("attribute") and re.fullmatch("[a-z][a-z0-9_-]*", value)
        return other if is_a_state else self._remember(value, other)

    def _other_number(self, value: float) -> JsonValue:
        """Another of the same kind and size."""
        if not isfinite(value) or "e" in str(value):
            return float(f"{value:.0e}") if isfinite(value) else 0.0
        whole, point, rest = str(abs(value)).partition(".")
        other = self._remember(whole, self._digits(whole))
        sign = -1 if value < 0 else 1
        return sign * (float(f"{other}.{rest}") if point else int(other))

    def _digits(self, digits: str) -> str:
        if number := self._pseudonyms.known(digits_of(digits)):
            return fitted(self._pseudonyms.number(number), len(digits))
        return self._pseudonyms.digits(digits)

    def _remember(self, value: str, other: str) -> str:
        """A value that stands for a caller is one in the application's words, too."""
        if other == value or len(value) < 3:
            return other
        is_keys = re.fullmatch(r"[\d*#]+", value) is not None
        self._secrets[digits_of(value) if is_keys else value] = (
            digits_of(other) if is_keys else other
        )
        words = re.findall(r"[^\W\d_]{3,}", value)
        for word in words if len(words) <= FEW_WORDS else ():
            if not word.islower():
                self._secrets.setdefault(word, other)
        return other

    def text(self, text: str) -> str:
        """Words of the application, without what is a caller's."""
        if len(text) < 3:
            return text
        if (other := self._texts.get(text)) is None:
            plain = self._without_secrets(text) if self._secrets else text
            other = _TOLD.sub(self._told, plain) if _MAY_TELL.search(plain) else plain
            self._texts[text] = other
        return other

    def _without_secrets(self, text: str) -> str:
        folded, digits = text.casefold(), digits_of(text)
        for secret, other in self._secrets.items():
            if secret.isdecimal():
                if secret in digits:
                    text = spelled(secret).sub(partial(_in_its_place, digits=other), text)
            elif secret.casefold() in folded:
                text = spelled(secret).sub(other.replace("\\", r"\\"), text)
        return text

    def _told(self, found: re.Match[str]) -> str:
        whole = found[0]
        match found.lastgroup:
            case "id":
                self.counted["ids"] += 1
                return shortened(whole)
            case "mail":
                self.counted["addresses"] += 1
                return f"{self._pseudonyms.word('somebody', whole)}@example.com"
            case "ip":
                self.counted["addresses"] += 1
                return "192.0.2.1"
            case "number":
                return self._number(whole)
            case _:
                return whole

    def _number(self, whole: str) -> str:
        digits = digits_of(whole)
        if digits in self._pseudonyms.accounts:
            return ACCOUNT
        known = self._pseudonyms.known
        if number := known(digits) or known(digits_of(whole.replace("(0)", ""))):
            other = self._pseudonyms.number(number)
            self.counted["numbers"] += other != number
            if number == digits and whole.startswith("+") and digits == whole[1:]:
                return f"+{other}"
            return _in_its_place(whole, fitted(other, len(digits)))
        groups = re.findall(r"\d+", whole)
        if whole.startswith("+"):
            self.counted["numbers"] += 1
            return f"+{self._pseudonyms.number(digits)}"
        if len(groups) > 1 and min(map(len, groups)) < 2:
            return whole  # 1, 2, 3, ...
        self.counted["digits"] += 1
        return _in_its_place(whole, self._pseudonyms.digits(digits))


def _in_its_place(whole: str | re.Match[str], digits: str) -> str:
    """Other digits where some were, with what is between them."""
    left = iter(digits)
    text = whole if isinstance(whole, str) else whole[0]
    return re.sub("[0-9]", lambda found: next(left, found[0]), text)


@lru_cache
def spelled(secret: str) -> re.Pattern[str]:
    """As it may stand in words: digits with something between them, or one by one."""
    way = r"[\s,.\-]{0,3}".join(secret) if secret.isdecimal() else re.escape(secret)
    return re.compile(rf"(?<!\w){way}(?!\w)", re.IGNORECASE)


@lru_cache(1_024)
def _stays(name: str) -> bool:
    return _STAYS.fullmatch(name) is not None


def texts(value: JsonValue, found: list[str]) -> None:
    """Add every text in a value that may have a number, keys as well."""
    kind = type(value)
    if kind is str:
        if len(cast("str", value)) >= SHORTEST:
            found.append(cast("str", value))
    elif kind is dict:
        for key, each in cast("dict[str, JsonValue]", value).items():
            if not key.isalpha():
                found.append(key)
            if not _stays(key):
                texts(each, found)
    elif kind is list:
        for each in cast("list[JsonValue]", value):
            texts(each, found)
    elif kind is int and cast("int", value) >= 10 ** (SHORTEST - 1):
        found.append(str(value))
