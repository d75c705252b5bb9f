"""What is to be done later is done in its turn, unless it is taken back."""

from offhook.emulator.ports.hurried import later
from tests.patience import PATIENCE_SECONDS, until


def test_what_is_due_first_is_done_first_and_what_is_taken_back_is_not() -> None:
    done: list[str] = []
    take_back = later(PATIENCE_SECONDS, lambda: done.append("much later"))
    forget = later(0.03, lambda: done.append("taken back"))
    later(0.05, lambda: done.append("later"))
    at_once = later(0, lambda: done.append("at once"))
    forget()
    until(lambda: "later" in done)
    assert done == ["at once", "later"]
    take_back()
    at_once()  # it is done: there is nothing to take back
