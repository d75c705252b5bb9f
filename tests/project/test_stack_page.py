"""`docs/stack.md` draws the templates as they are, the same in every run."""

from docs.generate_stack import PAGE, page, stack

CALLS_WAY = """\
  Caller ==> Number
  Number ==> Rule
  Rule ==> Application
  Application ==> ServiceMayInvoke
  ServiceMayInvoke ==> CallFunction
"""


def test_the_page_is_drawn_from_the_templates() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make docs"


def test_it_shows_a_call_s_way_and_who_names_whom() -> None:
    drawn = stack()
    assert CALLS_WAY in drawn
    for line in (
        "CallFunction --> Prompts",
        "TriggerFunction --> Ledger",
        "TriggerFunction --> Application",
        "Rule --> Topic",
        'Watch["watching.yaml<br>5 alarms, a dashboard"]',
    ):
        assert line in drawn
    assert stack() == drawn
