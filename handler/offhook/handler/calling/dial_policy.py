"""Whom we may call, from which number, when, and how often: closed unless it is opened.

Numbers are E.164. `phonenumbers` (Google's data) tells a number's country, kind and time zones;
it ships with the trigger. Where it is not installed, destinations are prefixes, and calling hours
need a time zone with every request.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from offhook.handler.calling.caps import Cap
from offhook.handler.errors import DialRefused, NotConfigured, RequestInvalid

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

SHORTEST: Final = 8
"""Digits of a number that may be dialled: shorter ones reach emergency and network services."""

DENIED: Final = ("+870", "+878", "+881", "+882", "+883", "+888", "+979", "+808")
"""Satellites, networks of no country, international premium and shared cost (ITU-T E.164 list)."""

DENIED_KINDS: Final = ("PREMIUM_RATE", "SHARED_COST", "PERSONAL_NUMBER", "PAGER", "UAN")
"""Kinds of numbers that cost more than a call to their country does."""

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
        """Whether it is then."""
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
    """`OFFHOOK_DIAL_PER_DESTINATION`: calls to one number in a day (UTC)."""
    per_caller: int = 500
    """`OFFHOOK_DIAL_PER_CALLER`: calls from one of our numbers in a day (UTC)."""
    per_day: int = 1000
    """`OFFHOOK_DIAL_PER_DAY`: all calls in a day (UTC)."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "DialPolicy":
        """The policy that the variables say. Raises `NotConfigured`."""
        return _read(cls, environment)

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
        day = f"{now:%Y-%m-%d}"
        caps = (
            Cap(
                name=f"to {to} {day}",
                limit=self.per_destination,
                says=f"the number was called {self.per_destination} times today (UTC), "
                "which is OFFHOOK_DIAL_PER_DESTINATION",
            ),
            Cap(
                name=f"from {from_} {day}",
                limit=self.per_caller,
                says=f"{self.per_caller} calls were made from this number today (UTC), "
                "which is OFFHOOK_DIAL_PER_CALLER",
            ),
            Cap(
                name=f"all {day}",
                limit=self.per_day,
                says=f"{self.per_day} calls were made today (UTC), which is OFFHOOK_DIAL_PER_DAY",
            ),
        )
        for cap in caps:
            if cap.limit < 1:
                raise DialRefused(cap.says)
        return caps

    def check_number(self, to: str) -> None:
        """Whether a number may be called at all. Raises `DialRefused`."""
        if len(to.removeprefix("+")) < SHORTEST:
            raise DialRefused(
                f"emergency and short numbers are not dialled: a number has {SHORTEST} digits "
                "or more, with its country code"
            )
        for prefix in self.denied:
            if to.startswith(prefix):
                raise DialRefused(f"numbers that begin with {prefix} are in OFFHOOK_DIAL_DENIED")
        number = _known(to)
        _check_length(to, number)
        kind = _kind(number)
        if kind in DENIED_KINDS:
            raise DialRefused(f"the number's kind is {kind}, which is never dialled")
        if not any(_reaches(one, to, number) for one in self.destinations):
            allowed = ", ".join(self.destinations) or "nobody"
            raise DialRefused(
                f"OFFHOOK_DIAL_DESTINATIONS allows {allowed}: add the number's country, as in US, "
                "or its prefix, as in +4930"
            )

    def _check_hours(self, to: str, now: datetime, time_zone: str | None) -> None:
        zones = _zones(to) or tuple(filter(None, [time_zone or self.time_zone]))
        if time_zone:  # it tells which of several it is, but moves nobody elsewhere
            zones = (time_zone,) if time_zone in zones else (time_zone, *zones)
        if not zones:
            raise DialRefused(
                "the number does not tell where the callee is, so nobody knows what time it is "
                "there: give time_zone with the request, or set OFFHOOK_DIAL_TIME_ZONE"
            )
        for zone in zones:
            try:
                there = now.astimezone(_place(zone))
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


def _read(kind: type[DialPolicy], environment: Mapping[str, str]) -> DialPolicy:
    def words(name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        said = environment.get(name)
        if said is None:
            return default
        return tuple(word.strip() for word in said.split(",") if word.strip())

    def count(name: str, default: int) -> int:
        said = environment.get(name, "")
        if said and not said.isdecimal():
            raise NotConfigured(f"{name} is {said!r}: write a whole number, 0 or more")
        return int(said) if said else default

    closed = kind()
    policy = kind(
        destinations=words("OFFHOOK_DIAL_DESTINATIONS", closed.destinations),
        denied=(*closed.denied, *words("OFFHOOK_DIAL_DENIED", ())),
        from_numbers=words("OFFHOOK_DIAL_FROM", closed.from_numbers),
        hours=_hours(environment.get("OFFHOOK_DIAL_HOURS", "")) or closed.hours,
        time_zone=_zone(environment.get("OFFHOOK_DIAL_TIME_ZONE", "")),
        per_destination=count("OFFHOOK_DIAL_PER_DESTINATION", closed.per_destination),
        per_caller=count("OFFHOOK_DIAL_PER_CALLER", closed.per_caller),
        per_day=count("OFFHOOK_DIAL_PER_DAY", closed.per_day),
    )
    for one in policy.destinations:
        _check_destination(one)
    for one in policy.denied:
        if not (one.startswith("+") and one[1:].isdecimal()):
            raise NotConfigured(
                f"OFFHOOK_DIAL_DENIED: {one!r} is no prefix with a country's code, as in +49900"
            )
    return policy


def _check_destination(said: str) -> None:
    digits = said.removeprefix("+")
    if said.startswith("+") and digits.isdecimal() and said not in MANY_COUNTRIES:
        _check_code(said)
        return
    if said in MANY_COUNTRIES:
        raise NotConfigured(
            f"OFFHOOK_DIAL_DESTINATIONS: {said} is several countries, some of them dear: write "
            "the country, as in US, or a longer prefix, as in +1212"
        )
    if not (len(said) == 2 and said.isascii() and said.isupper()):
        raise NotConfigured(
            f"OFFHOOK_DIAL_DESTINATIONS: {said!r} is no country, as in US, and no prefix, as in "
            "+4930"
        )
    try:
        import phonenumbers
    except ModuleNotFoundError:
        raise NotConfigured(
            f"OFFHOOK_DIAL_DESTINATIONS: telling the countries of numbers ({said}) needs the "
            'package phonenumbers: pip install "offhook[trigger]", or write prefixes, as in +4930'
        ) from None
    if said not in phonenumbers.SUPPORTED_REGIONS:
        raise NotConfigured(f"OFFHOOK_DIAL_DESTINATIONS: there is no country {said}")


def _check_code(prefix: str) -> None:
    """A prefix holds a whole country code: `+4` is a dozen countries."""
    try:
        import phonenumbers
    except ModuleNotFoundError:
        return
    codes = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    if not any(int(prefix[1 : 1 + length]) in codes for length in range(1, len(prefix))[:3]):
        raise NotConfigured(
            f"OFFHOOK_DIAL_DESTINATIONS: {prefix} is no whole country code: write one, as in +49, "
            "or the country, as in DE"
        )


def _check_length(to: str, number: "PhoneNumber | None") -> None:
    """One telephone has one number: what is longer, or has a zero too many, is another way to
    write one that may be forbidden, called too often, or on the do-not-call list."""
    if number is None:
        return
    import phonenumbers

    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if written != to or not phonenumbers.is_possible_number(number):
        raise DialRefused(
            "the number has digits too many or too few for its country: write it as it is dialled "
            "from abroad"
        )


def _place(zone: str) -> ZoneInfo:
    """Raises `ValueError` for names that mean another place on each machine."""
    if zone != "UTC" and "/" not in zone:
        raise ValueError(zone)
    return ZoneInfo(zone)


def _hours(said: str) -> Hours | None:
    try:
        return Hours.parse(said) if said else None
    except ValueError:
        raise NotConfigured(f"OFFHOOK_DIAL_HOURS is {said!r}: write 08:00-21:00") from None


def _zone(said: str) -> str:
    try:
        return said and _place(said).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise NotConfigured(
            f"OFFHOOK_DIAL_TIME_ZONE is {said!r}: write one as in Europe/Berlin"
        ) from None


def _known(to: str) -> "PhoneNumber | None":
    """What the library makes of the number; `None` without it, or when it makes nothing of it."""
    try:
        import phonenumbers
    except ModuleNotFoundError:
        return None
    try:
        return phonenumbers.parse(to)
    except phonenumbers.NumberParseException:
        return None


def _kind(number: "PhoneNumber | None") -> str:
    if number is None:
        return ""
    import phonenumbers

    return phonenumbers.PhoneNumberType.to_string(phonenumbers.number_type(number))


def _reaches(destination: str, to: str, number: "PhoneNumber | None") -> bool:
    if destination.startswith("+"):
        return to.startswith(destination)
    if number is None:
        return False
    import phonenumbers

    return phonenumbers.is_valid_number_for_region(number, destination)


def _zones(to: str) -> tuple[str, ...]:
    """Where the number may be; nothing where nobody knows."""
    number = _known(to)
    if number is None:
        return ()
    from phonenumbers import timezone

    zones: tuple[str, ...] = timezone.time_zones_for_number(number)
    return () if timezone.UNKNOWN_TIMEZONE in zones else zones
