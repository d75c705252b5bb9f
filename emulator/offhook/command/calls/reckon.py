"""Say what a long list comes to on paper: days, costs, what the ledger bears."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import fields

from offhook.command.arguments import amount, count
from offhook.command.say import say
from offhook.production.calls.reckoned import (
    RATES,
    RETENTION_DAYS,
    Prices,
    borne,
    costs,
    days,
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("calls", metavar="CALLS", type=count, help="how many")
    parser.add_argument("--hours", type=_hours, default=24, help="of a day (default: 24)")
    parser.add_argument("--minutes", type=amount, default=0.5, help="of a call (default: 0.5)")
    for price in fields(Prices):
        parser.add_argument(
            f"--price-{price.name.replace('_', '-')}",
            type=amount,
            default=price.default,
            help=f"US dollars (default: {price.default:g})",
        )


def _hours(text: str) -> float:
    if not 0 < (hours := amount(text)) <= 24:
        raise ArgumentTypeError(f"{text!r} is no part of a day: write up to 24 hours, as in 8")
    return hours


def run(options: Namespace) -> int:
    """0, when the reckoning is said."""
    told: dict[str, float] = {
        one.name: getattr(options, f"price_{one.name}") for one in fields(Prices)
    }
    say("\n".join(lines(options.calls, options.hours, options.minutes, Prices(**told))))
    return 0


def lines(calls: int, hours: float, minutes: float, prices: Prices) -> list[str]:
    """The reckoning, as a table in Markdown."""
    made = [f"| {calls:,} calls, {hours:g} hours a day | days |", "|---|---|"]
    for rate in RATES:
        took = days(calls, rate, hours)
        late = f" (the queue forgets after {RETENTION_DAYS}: split the list)"
        made.append(f"| at {rate:g} a second | {took:.1f}{late * (took > RETENTION_DAYS)} |")
    made += ["", "| part | US dollars |", "|---|---|"]
    for part, dollars in costs(calls, prices, minutes).items():
        said = f"{dollars:,.2f}" if dollars or not part.startswith("calls") else "see AWS's prices"
        made.append(f"| {part} | {said} |")
    made += ["", "| single item | calls a second that it bears |", "|---|---|"]
    made += [f"| {name} | {most:.0f} |" for name, most in borne().items()]
    return made
