"""The page and the schemas of the actions are those that the code makes."""

import pytest

from docs.generate_actions import PAGE, page
from docs.generate_schemas import FOLDER, docs, files, kind
from offhook.actions import action_types


def test_the_page_is_the_one_that_make_docs_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_schemas_are_those_that_make_docs_makes() -> None:
    made = files()
    assert {file.name for file in FOLDER.iterdir()} == set(made)
    for name, text in made.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, name


@pytest.mark.parametrize("name", action_types())
def test_every_field_of_an_action_is_described(name: str) -> None:
    assert {field for field in kind(name).model_fields if not docs(kind(name)).get(field)} == set()
