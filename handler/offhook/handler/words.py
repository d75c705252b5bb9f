"""What a line says in several languages: a catalogue is a class, each thing to say a line of it.

    class Say:
        english = Language("Joanna", "en-US")
        german = Language("Vicki", "de-DE")
        welcome = Words("Welcome, {name}.", "Willkommen, {name}.")

`Say.welcome(event, name="Ada")` is the Speak for a call, `Menu(router, Say.choices)` one menu for
all languages. A call's is its attribute `language`, as in `german`; until it has one, the first.
"""

from typing import NamedTuple

from offhook.actions.fields import Engine
from offhook.actions.speak import Speak
from offhook.handler.events import Event


class Language(NamedTuple):
    """Who speaks it, as in Speak."""

    voice_id: str
    language_code: str | None = None
    engine: Engine = "standard"


class Words:
    """One thing to say: a text for each `Language` above it in its class, in their order."""

    def __init__(self, *texts: str) -> None:
        self._texts = texts

    def __set_name__(self, catalogue: type, name: str) -> None:
        spoken = {key: one for key, one in vars(catalogue).items() if isinstance(one, Language)}
        if not 0 < len(spoken) == len(self._texts):
            each = ", ".join(spoken) or "the languages above it"
            raise TypeError(f"{catalogue.__name__}.{name}: write a text for each of {each}")
        self.__name__ = name  # by which a menu is known again
        texts = dict(zip(spoken, self._texts, strict=True))
        self._said = {key: Speak(text=texts[key], **spoken[key]._asdict()) for key in spoken}

    def __call__(self, event: Event, **values: object) -> Speak:
        """In the language of the call; `{name}` in the text is the value of that name."""
        language = event.transaction_attributes.get("language")
        said = self._said.get(f"{language}") or next(iter(self._said.values()))
        return said.model_copy(update={"text": said.text.format(**values)})
