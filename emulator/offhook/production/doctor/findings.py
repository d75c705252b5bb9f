"""What the doctor says of each link of a call's way."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final, Literal

State = Literal["fine", "wrong", "unseen"]

SYMPTOMS: Final[Mapping[str, tuple[str, ...]]] = {
    "always-busy": (
        "permission", "no-rule", "rule-disabled", "function-missing", "concurrency-zero",
        "number-missing", "number-deleted", "number-product", "number-status",
        "application-missing", "rule-targets", "rule-region",
        "function-region", "function-state", "said-denied", "said-reply", "said-throttled",
        "function-errors", "function-throttles", "quota-reached",
    ),
    "silence": (
        "prompts-policy", "prompt-type", "prompt-wav", "prompt-size", "prompts-missing",
        "prompts-key", "function-errors", "said-reply", "prompts-region", "stale-version",
    ),
    "drops-after-20-s": (
        "said-timed-out", "function-timeout-long", "function-timeout-short", "function-memory",
        "function-errors", "function-state", "function-throttles",
    ),
    "cannot-call-out": (
        "no-trigger", "dial-application", "dial-destinations", "dial-from", "dial-policy",
        "dialling-stopped", "trigger-role", "trigger-state", "trigger-concurrency-zero",
        "trigger-timeout", "trigger-settings", "queue-unread", "queue-role", "queue-missing",
        "ledger-missing", "ledger-key", "number-missing", "dial-caps", "dead-letters", "rates",
        "ledger-apart", "ledger-role", "queue-visibility", "queue-reports", "stale-version",
    ),
    "recordings-missing": (
        "recordings-policy", "recordings-ownership", "recordings-missing", "recordings-key",
        "recordings-region",
    ),
}  # fmt: skip
"""Which faults explain what is heard, the likeliest first: docs/troubleshooting.md."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    link: str
    """Which part of the way: `number`, `rule`, ..."""
    what: str
    """Which one: a number, an id, a name."""
    state: State
    says: str
    fault: str = ""
    """The name of what is wrong."""
    change: tuple[str, ...] = ()
    """What to type to mend it: a command each."""
    needs: str = ""
    """The IAM action without which this cannot be seen."""

    @property
    def symptoms(self) -> tuple[str, ...]:
        """What callers notice of it, where they do."""
        return tuple(name for name, faults in SYMPTOMS.items() if self.fault in faults)

    def to_json(self) -> dict[str, object]:
        """As `--json` prints it."""
        return {**asdict(self), "symptoms": self.symptoms}


def likeliest(findings: list[Finding], symptom: str) -> list[Finding]:
    """What explains a symptom, the likeliest first."""
    order = SYMPTOMS[symptom]
    return sorted(
        (found for found in findings if found.fault in order),
        key=lambda found: order.index(found.fault),
    )
