"""Functions for a desk with several applications, by `module:function` as the configuration has it.

`answers(shop=..., depot=...)` says how each of them answers from now on.
"""

from offhook.emulator.service.config import SipMediaApplication
from tests.emulator.functions import Function, always
from tests.emulator.server.conftest import OURS

SHOP, DEPOT = OURS, "+15550100101"
NOWHERE = "tests.emulator.api.nowhere:function"

BOTH = (
    SipMediaApplication(name="shop", numbers=(SHOP,), function=f"{__name__}:shop"),
    SipMediaApplication(name="depot", numbers=(DEPOT,), function=f"{__name__}:depot"),
)

_functions: dict[str, Function] = {}


def answers(**functions: Function) -> None:
    """How each application answers; one that is not named answers nothing."""
    _functions.clear()
    _functions.update(functions)


def shop(event: object, context: object) -> object:
    """The shop's function."""
    return _functions.get("shop", always())(event, context)


def depot(event: object, context: object) -> object:
    """The depot's."""
    return _functions.get("depot", always())(event, context)
