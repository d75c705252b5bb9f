"""How a leg ends, in words."""

from offhook.emulator.call.far_end import Who
from offhook.emulator.call.leg import Leg


def how_it_ends(leg: Leg, code: int, by: Who) -> str:
    """As the ladder has it."""
    with_code = f" with {code}" if code else ""
    match by:
        case "person" if leg.is_connected:
            return f"hangs up{with_code}"
        case "person":
            return "gives up" if leg.direction == "Inbound" else f"declines{with_code}"
        case "application" if leg.is_connected:
            return f"is hung up{with_code} by the application"
        case "application":
            return f"is rejected{with_code} by the application"
        case "network" if leg.is_connected:
            return "the meeting is over"
        case "network":
            return f"is not answered in time: {code}"
