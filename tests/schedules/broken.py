"""Ledgers that are broken on purpose: the schedules must find out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

import boto3

from offhook.handler import trigger
from offhook.handler.calling.call_record import OurCall
from offhook.handler.calling.caps import Cap
from offhook.handler.calling.ledger import Attempt, Ledger
from offhook.handler.calling.service_errors import ServiceFailureException
from offhook.handler.errors import CallError
from offhook.handler.trigger import Asked
from tests.schedules.world import World


class DialsWithoutTheRight(Ledger):
    """Whoever reserved a key may dial it, and again when the reservation has run out."""

    def dial(self, attempt: Attempt, *, to: str, caps: Sequence[Cap], most_up: int) -> None:
        """Write nothing down."""


def dials_without_the_right(world: World) -> None:
    """No conditional write before the request."""
    world.make_ledger = DialsWithoutTheRight


def sends_again(world: World) -> None:
    """botocore's own retries, as they are by default."""
    world.voice = boto3.client(  # pyright: ignore[reportUnknownMemberType] - an overload each
        "chime-sdk-voice"
    )


def redials_after_a_500(world: World) -> None:
    """As if it proved that nothing was placed."""
    world.patch.setattr(ServiceFailureException, "is_refusal", True)
    world.patch.setattr(ServiceFailureException, "is_temporary", True)


class ForgetsCancellations(Ledger):
    """A key that nobody knows cannot be cancelled, and its start comes later."""

    def cancel(self, key: str) -> OurCall:
        """As before."""
        self.read(key)
        return super().cancel(key)


def forgets_cancellations(world: World) -> None:
    """No item for a cancellation that comes before its start."""
    world.make_ledger = ForgetsCancellations


def believes_every_clock(world: World) -> None:
    """As if no clock were ever wrong."""
    world.patch.setattr("offhook.handler.calling.pace.HONEST_SECONDS", 1e6)


def drops_letters(world: World) -> None:
    """What the dead letters do not take leaves the queue all the same."""
    name = "_is_buried"
    buries = cast("Callable[[Asked, CallError], bool]", getattr(trigger, name))

    def buries_or_drops(record: Asked, error: CallError) -> bool:
        return buries(record, error) or True

    world.patch.setattr(trigger, name, buries_or_drops)


BROKEN: Final[Mapping[str, tuple[Callable[[World], None], str]]] = {
    breaks.__name__: (breaks, found)
    for breaks, found in (
        (dials_without_the_right, "calls for the key"),
        (sends_again, "calls for the key"),
        (redials_after_a_500, "calls for the key"),
        (forgets_cancellations, "nobody knows"),
        (believes_every_clock, "told to come back"),
        (drops_letters, "left the queue"),
    )
}
"""How each is broken, and what then goes wrong."""
