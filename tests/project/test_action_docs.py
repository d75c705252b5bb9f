"""The page and the schemas of the actions are those that the code makes."""

import pytest

from docs.generate_actions import PAGE, page
from docs.generate_schemas import FOLDER, files, kind
from offhook.actions import action_types
from offhook.actions.base import snake_case
from offhook.emulator.server.documents.docstrings import docs


def test_the_page_is_the_one_that_make_docs_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "docs/actions.md is stale: make docs"


def test_the_schemas_are_those_that_make_docs_makes() -> None:
    made = files()
    for name in {file.name for file in FOLDER.iterdir()} | set(made):
        assert name in made, f"docs/schemas/{name} is of nothing: delete it"
        file = FOLDER / name
        there = file.read_text(encoding="utf-8") if file.exists() else ""
        assert there == made[name], f"docs/schemas/{name} is stale: make docs"


@pytest.mark.parametrize("name", action_types())
def test_every_field_of_an_action_is_described(name: str) -> None:
    silent = [field for field in kind(name).model_fields if not docs(kind(name)).get(field)]
    assert silent == [], (
        f"write a string below each, in actions/offhook/actions/{snake_case(name)}.py"
    )
