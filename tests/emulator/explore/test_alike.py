"""Texts that are much like one another take little room, and come back as they were."""

from offhook.emulator.as_json import text_of
from offhook.emulator.explore.alike import Alike

WORDS = ["Monday", "noon", "half a day later", "the workshop", "nobody is there", "ten past three"]


def test_a_text_comes_back_as_it_was() -> None:
    alike = Alike()
    for text in ("Hello.", "", "Grüß Gott, 王", "half of a pair: \ud83d", "Hello. Hello."):
        assert alike.text(alike.packed(text)) == text


def test_equal_texts_are_packed_alike_and_others_are_not() -> None:
    alike = Alike()
    packed = [alike.packed(text) for text in ("Hello.", "Good morning.", "Hello.")]
    assert packed[0] == packed[2] != packed[1]


def test_what_is_much_like_the_first_takes_little_room() -> None:
    alike = Alike()
    texts = [text_of({"words": WORDS, "number": number}) for number in range(100)]
    assert sum(len(alike.packed(text)) for text in texts[1:]) < sum(map(len, texts[1:])) / 4
