"""Who calls, and when, unless somebody says otherwise."""

from datetime import UTC, datetime
from typing import Final

A_CALLER: Final = "+15550100200"
"""Who calls, or is called, unless the story says otherwise."""

MONDAY_AT_TEN: Final = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
"""When calls start unless the story says otherwise: a Monday, ten o'clock in UTC."""
