"""Whom we may call, from which number, when, and how often: closed unless it is opened.

Numbers are E.164. What they are, and where, is told by the numbering plans (`number_plan`).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from offhook.actions.fields import E164
from offhook.handler.calling.caps import DAY_SECONDS, TO, Cap
from offhook.handler.calling.number_plan import Number
from offhook.handler.errors import DialRefused, NotConfigured, RequestInvalid

T = TypeVar("T")

DENIED: Final = ("+870", "+878", "+881", "+882", "+883", "+888", "+979", "+808")
"""Satellites, networks of no country, international premium and shared cost (ITU-T E.164 list)."""

ANYWHERE: Final = "+"
"""The destination that every number reaches; no setting says it."""

MANY_COUNTRIES: Final = ("+1", "+7", "+44")
"""Prefixes of more than one country, some of which are dear: the country is written instead."""


@dataclass(frozen=True, kw_only=True)
class Hours:
    """From when to when it is polite to ring, where the callee is; the end is not in it."""

    start: time
    end: time

    @classmethod
    def parse(cls, said: str) -> "Hours":
        """`08:00-21:00`; `22:00-06:00` is a night, `00:00-00:00` always. Raises `ValueError`."""
        start, _, end = said.partition("-")
        hours = cls(start=time.fromisoformat(start.strip()), end=time.fromisoformat(end.strip()))
        if hours.start.tzinfo or hours.end.tzinfo:
            raise ValueError("hours are those of the callee: they have no time zone")
        return hours

    def holds(self, at: time) -> bool:
        """Whether a time of the callee's day is within them: the start is, the end is not."""
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def seconds_until(self, there: datetime) -> float:
        """How long it is until they begin, on a clock that shows local time."""
        begins = datetime.combine(there, self.start, there.tzinfo)
        if begins <= there:
            begins += timedelta(days=1)
        return max(begins.timestamp() - there.timestamp(), 60)  # clocks are put back now and then

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, kw_only=True)
class DialPolicy:
    """What may be dialled. Each field is read from the environment variable in its description."""

    destinations: tuple[str, ...] = ()
    """`OFFHOOK_DIAL_DESTINATIONS`: countries (`US,DE`) and prefixes (`+4930`); empty: nobody."""
    denied: tuple[str, ...] = DENIED
    """Prefixes never dialled, also within a destination; `OFFHOOK_DIAL_DENIED` adds to them."""
    from_numbers: tuple[str, ...] = ()
    """`OFFHOOK_DIAL_FROM`: numbers of ours that may be shown to a callee; empty: none."""
    hours: Hours = field(default_factory=lambda: Hours.parse("08:00-21:00"))
    """`OFFHOOK_DIAL_HOURS`: where the callee is, as in `08:00-21:00`, the default."""
    time_zone: str = ""
    """`OFFHOOK_DIAL_TIME_ZONE`: where a callee is whose number does not tell; empty: refused."""
    per_destination: int = 3
    """`OFFHOOK_DIAL_PER_DESTINATION`: calls to one number in any 24 hours."""
    per_caller: int = 500
    """`OFFHOOK_DIAL_PER_CALLER`: calls from one of our numbers in a day (UTC)."""
    per_day: int = 1000
    """`OFFHOOK_DIAL_PER_DAY`: all calls in a day (UTC)."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "DialPolicy":
        """The policy that the variables say. Raises `NotConfigured`."""

        def read(name: str, parse: Callable[[str], T], default: T, advice: str = "") -> T:
            said = environment.get(f"OFFHOOK_DIAL_{name}", "")
            try:
                return parse(said) if said else default
            except (ZoneInfoNotFoundError, ValueError, OSError):
                wrong = f"OFFHOOK_DIAL_{name} is {said!r}: write {advice}"
                raise NotConfigured(wrong) from None

        closed, whole, place = cls(), "a whole number, 0 or more", "one as in Europe/Berlin"
        policy = cls(
            destinations=read("DESTINATIONS", _words, ()),
            denied=read("DENIED", lambda said: (*closed.denied, *_words(said)), closed.denied),
            from_numbers=read("FROM", _words, ()),
            hours=read("HOURS", Hours.parse, closed.hours, "08:00-21:00"),
            time_zone=read("TIME_ZONE", lambda said: zone_of(said).key, "", place),
            per_destination=read("PER_DESTINATION", _count, closed.per_destination, whole),
            per_caller=read("PER_CALLER", _count, closed.per_caller, whole),
            per_day=read("PER_DAY", _count, closed.per_day, whole),
        )
        for one in policy.destinations:
            if why := _why_no_destination(one):
                raise NotConfigured(f"OFFHOOK_DIAL_DESTINATIONS: {why}")
        for one in policy.denied:
            if not (one.startswith("+") and one[1:].isdecimal()):
                raise NotConfigured(
                    f"OFFHOOK_DIAL_DENIED: {one!r} is no prefix with a country's code, as in +49900"
                )
        return policy

    def check(
        self, *, to: str, from_: str, now: datetime, time_zone: str | None = None
    ) -> tuple[Cap, ...]:
        """What the call counts against. Raises `DialRefused`, or `RequestInvalid` for a time zone
        that does not exist."""
        self.check_number(to)
        if from_ not in self.from_numbers:
            raise DialRefused(
                "the number called from is not one of OFFHOOK_DIAL_FROM, which lists "
                f"{len(self.from_numbers)}"
            )
        self._check_hours(to, now, time_zone)
        day, from_today = f"{now:%Y-%m-%d}", "{} calls were made from this number today"
        caps: list[Cap] = []
        for name, pk, within_seconds, said in (
            ("DESTINATION", f"{TO}{to}", DAY_SECONDS, "the number was called {} times in 24 hours"),
            ("CALLER", f"cap#from {from_} {day}", None, from_today),
            ("DAY", f"cap#all {day}", None, "{} calls were made today"),
        ):
            setting, zone = f"PER_{name}", "" if within_seconds else " (UTC)"
            limit: int = getattr(self, setting.lower())
            says = f"{said.format(limit)}{zone}, which is OFFHOOK_DIAL_{setting}"
            if limit < 1:
                raise DialRefused(says)
            caps.append(Cap(pk, limit, says, within_seconds))
        return tuple(caps)

    def check_number(self, to: str) -> None:
        """Whether a number may be called at all. Raises `DialRefused`."""
        if re.fullmatch(E164, to) is None:
            raise DialRefused("it is no E.164 number: +, country code, number, as in +15550100199")
        for prefix in self.denied:
            if to.startswith(prefix):
                raise DialRefused(f"numbers that begin with {prefix} are in OFFHOOK_DIAL_DENIED")
        number = Number.read(to)
        if why := number.why_never:
            raise DialRefused(why)
        for destination in self.destinations:
            is_prefix = destination.startswith("+")
            if to.startswith(destination) if is_prefix else number.is_in(destination):
                return
        allowed = ", ".join(self.destinations) or "nobody"
        advice = "add the number's country, as in US, or its prefix, as in +4930"
        if number.kind == "UNKNOWN":
            advice = (
                "no numbering plan knows this number, so it is in no country: mend it or, where it "
                "exists all the same, add its prefix, as in +4930"
            )
        raise DialRefused(f"OFFHOOK_DIAL_DESTINATIONS allows {allowed}: {advice}")

    def _check_hours(self, to: str, now: datetime, time_zone: str | None) -> None:
        zones = Number.read(to).time_zones or tuple(filter(None, [time_zone or self.time_zone]))
        if time_zone:  # it tells which of several it is, but moves nobody elsewhere
            zones = (time_zone,) if time_zone in zones else (time_zone, *zones)
        if not zones:
            raise DialRefused(
                "the number does not tell where the callee is, so nobody knows what time it is "
                "there: give time_zone with the request, or set OFFHOOK_DIAL_TIME_ZONE"
            )
        for zone in zones:
            try:
                there = now.astimezone(zone_of(zone))
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise RequestInvalid(
                    f"time_zone: there is no {zone!r}: write one as in Europe/Berlin"
                ) from None
            if not self.hours.holds(there.time()):
                raise DialRefused(
                    f"it is {there:%H:%M} where the callee is ({zone}), and OFFHOOK_DIAL_HOURS "
                    f"is {self.hours}",
                    retry_after_seconds=self.hours.seconds_until(there),
                )


def _why_no_destination(said: str) -> str:
    if said in MANY_COUNTRIES:
        return (
            f"{said} is several countries, some of them dear: write the country, as in US, or a "
            "longer prefix, as in +1212"
        )
    if said.startswith("+") and said[1:].isdecimal():
        if Number.read(said).code:
            return ""
        return f"{said} is no whole country code: write one, as in +49, or the country, as in DE"
    if not (len(said) == 2 and said.isascii() and said.isupper()):
        return f"{said!r} is no country, as in US, and no prefix, as in +4930"
    from phonenumbers import SUPPORTED_REGIONS

    return "" if said in SUPPORTED_REGIONS else f"there is no country {said}"


def zone_of(zone: str) -> ZoneInfo:
    """Raises `ValueError`, also for names that mean another place on each machine; `OSError`."""
    if zone != "UTC" and "/" not in zone:
        raise ValueError(zone)
    return ZoneInfo(zone)


def _words(said: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in said.split(",") if word.strip())


def _count(said: str) -> int:
    if not said.isdecimal():
        raise ValueError(said)
    return int(said)
