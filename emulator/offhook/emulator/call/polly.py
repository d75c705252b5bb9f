"""What Amazon Polly makes of a text: the tags that an engine has, and who speaks what.

Voices: https://docs.aws.amazon.com/polly/latest/dg/standard-voices.html, bilingual-voices.html and
available-voices.html (its first rows); tags: supportedtags.html there; read on 2026-11-28. What
they lacked is of an answer of DescribeVoices (voices.ts of awslabs/project-lakechain, of 2024). All
names are in `offhook.actions.polly`; of a voice that stands in neither table we say nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element

_STANDARD: Final = """
arb Zeina; cmn-CN Zhiyu; cy-GB Gwyneth; da-DK Mads Naja; de-DE Hans Marlene Vicki;
en-AU Nicole Russell; en-GB Amy Brian Emma; en-GB-WLS Geraint; en-IN Aditi Raveena; hi-IN Aditi;
en-US Ivy Joanna Joey Kendra Kevin Kimberly Salli; es-ES Conchita Enrique Lucia;
es-MX Mia; es-US Lupe Miguel Penelope; fr-CA Chantal; fr-FR Celine Lea Mathieu; is-IS Dora Karl;
it-IT Bianca Carla Giorgio; ja-JP Mizuki Takumi; ko-KR Seoyeon; nb-NO Liv; nl-NL Lotte Ruben;
pl-PL Ewa Jacek Jan Maja; pt-BR Camila Ricardo Vitoria; pt-PT Cristiano Ines; ro-RO Carmen;
ru-RU Maxim Tatyana; sv-SE Astrid; tr-TR Filiz
"""
_NEURAL: Final = """
ar-AE Hala Zayd; ca-ES Arlet; cmn-CN Zhiyu; cs-CZ Jitka; da-DK Sofie; de-AT Hannah;
de-DE Daniel Vicki; en-AU Olivia; en-GB Amy Arthur Brian Emma; en-IE Niamh; en-IN Kajal;
hi-IN Kajal; en-NZ Aria; en-ZA Ayanda;
en-US Danielle Gregory Ivy Joanna Joey Justin Kendra Kevin Kimberly Matthew Ruth Salli Stephen;
es-ES Lucia Sergio; es-MX Andres Mia; es-US Lupe Pedro; fi-FI Suvi; fr-BE Isabelle;
fr-CA Gabrielle Liam; fr-FR Lea Remi; it-IT Adriano Bianca; ja-JP Kazuha Takumi Tomoko;
ko-KR Seoyeon; nb-NO Ida; nl-BE Lisa; nl-NL Laura; pl-PL Ola; pt-BR Camila Thiago Vitoria;
pt-PT Ines; sv-SE Elin; tr-TR Burcu; yue-CN Hiujin
"""


def _languages(table: str) -> Mapping[str, tuple[str, ...]]:
    """Of each voice, those that it speaks."""
    spoken: dict[str, tuple[str, ...]] = {}
    for row in table.split(";"):
        language, *voices = row.split()
        spoken |= {voice: (*spoken.get(voice, ()), language) for voice in voices}
    return spoken


VOICES: Final = {"standard": _languages(_STANDARD), "neural": _languages(_NEURAL)}
"""By engine and voice, the languages. Those are the engines that dg/speak lists."""
BILINGUAL: Final = ("Hala", "Zayd")
"""These speak another language as well, and the page that we have does not say which."""

NEWS: Final = 'amazon:domain name="news"'
NEWS_VOICES: Final = ("Amy", "Joanna", "Lupe", "Matthew")
"""Neural voices that read news (dg of Polly, newscaster style)."""
_TAGS: Final = """
amazon:auto-breaths amazon:breath amazon:domain amazon:effect break emphasis lang mark p phoneme
prosody s say-as speak sub w
"""
TAGS: Final = _TAGS.split()
_STANDARD_ONLY: Final = {
    "amazon:auto-breaths",
    'amazon:effect name="whispered"',
    "amazon:effect phonation",
    "amazon:effect vocal-tract-length",
    "emphasis",
    "prosody amazon:max-duration",
}
NOT_OF: Final[Mapping[str, set[str]]] = {
    "standard": {NEWS},
    "neural": _STANDARD_ONLY,
    "long-form": {NEWS, *_STANDARD_ONLY},
    "generative": {NEWS, 'amazon:effect name="drc"', *_STANDARD_ONLY},
}
"""What an engine does not have at all; what it has in part is taken."""


def unknown_tag(root: Element, engine: str, voice_id: str) -> str:
    """The first tag of a text that Polly refuses, and why; nothing if there is none."""
    for element in root.iter():
        if element.tag not in TAGS:
            return f"<{element.tag}> is no tag of Polly's: there are {', '.join(TAGS)}"
        for written in _spellings(element):
            if written in NOT_OF.get(engine, ()):
                others = " and ".join(other for other in NOT_OF if written not in NOT_OF[other])
                return f"<{written}> is not for the engine {engine}: {others} has it"
            if written == NEWS and voice_id not in NEWS_VOICES:
                return f"{voice_id} does not read <{NEWS}>: {', '.join(NEWS_VOICES)} do"
    return ""


def _spellings(element: Element) -> Iterator[str]:
    yield element.tag
    for name, value in element.items():
        yield f"{element.tag} {name}"
        yield f'{element.tag} {name}="{value}"'


def advice(voice_id: str, engine: str, language_code: str) -> str:
    """What is to be said of a pair that Polly's page does not have: it may have it by now."""
    if engine not in VOICES:
        return f"Engine {engine}: dg/speak lists {' and '.join(VOICES)} alone"
    has = [each for each, voices in VOICES.items() if voice_id in voices]
    if has and engine not in has:
        return f"{voice_id} is no {engine} voice on Polly's page: Engine {' or '.join(has)}"
    spoken = sorted({code for each in has for code in VOICES[each][voice_id]})
    if language_code and has and language_code not in spoken and voice_id not in BILINGUAL:
        return (
            f"{voice_id} speaks {' and '.join(spoken)} on Polly's page, not {language_code}: "
            "LanguageCode is for bilingual voices"
        )
    return ""
