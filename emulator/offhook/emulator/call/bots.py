"""Scripted bots: what a Lex bot would make of a conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Strict


@dataclass(frozen=True)
class Bot:
    """What the bot says, and what comes of it. `slots` maps names to what was understood."""

    intent: str = "FallbackIntent"
    """The name of the intent that was understood; `FallbackIntent` is none."""
    slots: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    """`None` is a slot that was not filled."""
    state: Literal["Failed", "Fulfilled", "ReadyForFulfillment"] = "ReadyForFulfillment"
    """How far the intent came when the conversation ended."""
    confirmation: Literal["Confirmed", "Denied", "None"] = "None"
    """What the caller said to the question whether that is right."""
    session_attributes: Mapping[str, str] = field(default_factory=dict[str, str])
    """Added to those that the action passed."""
    says: Sequence[str] = ()
    """What it says after the welcome messages, turn by turn."""
    hears: Sequence[str] = ()
    """What the caller says to it, each after what it says in the same turn."""
    seconds: Annotated[float, Strict()] = 5.0
    """How long the caller talks in all, where `hears` does not say."""

    def intent_result(
        self, session_id: str, session_attributes: Mapping[str, str]
    ) -> dict[str, object]:
        """`IntentResult` of the success event, as real logs have it."""
        slots = {name: _slot(value) for name, value in self.slots.items()}
        intent = {
            "Name": self.intent,
            "Slots": slots,
            "State": self.state,
            "ConfirmationState": self.confirmation,
        }
        interpretations: list[object] = [{"Intent": {"Name": "FallbackIntent", "Slots": {}}}]
        if self.intent != "FallbackIntent":
            interpretations.insert(0, {"NluConfidence": {"Score": 0.92}, "Intent": intent})
        return {
            "SessionId": session_id,
            "SessionState": {
                "SessionAttributes": {**session_attributes, **self.session_attributes},
                "Intent": intent,
            },
            "Interpretations": interpretations,
        }


def _slot(value: str | None) -> object:
    if value is None:
        return None
    return {
        "Value": {"OriginalValue": value, "InterpretedValue": value, "ResolvedValues": [value]},
        "Values": [],
    }
