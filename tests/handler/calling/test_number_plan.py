"""What is never called is not, however it is written; and nobody else is kept from being called.

Over all that the numbering plans know: the example numbers of every kind in every country.
"""

import random
from collections.abc import Iterator
from functools import cache
from itertools import product

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from offhook.actions import Action, Response
from offhook.actions.base import UnknownAction
from offhook.handler import DialPolicy, DialRefused, NewInboundCall, Reply, Router, guarded_by
from offhook.handler.calling.dial_policy import ANYWHERE, DENIED
from offhook.handler.calling.number_plan import NEVER_DIALLED, Number
from tests.handler.payloads import payload
from tests.sampled import sampled

COUNTRIES = sorted(phonenumbers.SUPPORTED_REGIONS)
NETWORKS = sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS)
EVERYWHERE = DialPolicy(destinations=(ANYWHERE,))
ORDINARY = ("FIXED_LINE", "MOBILE", "TOLL_FREE", "VOIP", "VOICEMAIL")
OURS = "+15550100100"


def examples(kinds: tuple[str, ...]) -> Iterator[str]:
    """The example numbers of every country."""
    for country, kind in product(COUNTRIES, kinds):
        found = phonenumbers.example_number_for_type(country, getattr(PhoneNumberType, kind))
        if found is not None:
            yield phonenumbers.format_number(found, PhoneNumberFormat.E164)


@cache
def emergencies() -> list[str]:
    """The emergency numbers of every country, each once."""
    found = (
        f"+{phonenumbers.country_code_for_region(country)}{number}"
        for country in COUNTRIES
        for number in range(1, 1000)
        if phonenumbers.is_emergency_number(str(number), country)
    )
    return list(dict.fromkeys(found))


def lengthened(number: str, dice: random.Random) -> Iterator[str]:
    """With no digits to four behind it."""
    for more in range(5):
        yield number + "".join(dice.choices("0123456789", k=more))


def is_ordinary(number: str) -> bool:
    """Whether the plan knows it as a whole, as of no kind that is never called."""
    return Number.read(number).kind not in ("UNKNOWN", *NEVER_DIALLED)


def is_refused(number: str, policy: DialPolicy = EVERYWHERE) -> bool:
    """Whether the policy forbids it."""
    try:
        policy.check_number(number)
    except DialRefused:
        return True
    return False


@pytest.mark.thorough
@pytest.mark.parametrize("seed", sampled(range(2), 1))
def test_no_digits_behind_it_make_a_forbidden_number_another(seed: int) -> None:
    dice = random.Random(seed)
    never = list(dict.fromkeys(examples(NEVER_DIALLED)))
    assert len(never) > 200
    assert len(emergencies()) > 300
    passed = [
        number
        for whole in (*never, *emergencies())
        for number in lengthened(whole, dice)
        if not is_refused(number) and not is_ordinary(number)
    ]
    assert passed == []
    assert [number for number in (*never, *emergencies()) if not is_refused(number)] == []


@pytest.mark.parametrize("service", ["+35550000", "+611234", "+561060", "+34120", "+391200"])
def test_nor_do_digits_behind_a_short_number_that_is_dear(service: str) -> None:
    number = phonenumbers.parse(service)
    (country, *_) = phonenumbers.region_codes_for_country_code(number.country_code or 0)
    dear = phonenumbers.ShortNumberCost.PREMIUM_RATE
    assert phonenumbers.expected_cost_for_region(number, country) == dear
    tried = [f"{service}{'123456789'[:more]}" for more in range(10)]
    unknown = [number for number in tried if len(number) <= 16 and not is_ordinary(number)]
    assert len(unknown) > 5
    assert [number for number in unknown if not is_refused(number)] == []


@pytest.mark.parametrize("seed", sampled(range(2), 1))
def test_an_ordinary_number_is_refused_nowhere(seed: int) -> None:
    dice = random.Random(seed)
    tried = set(examples(ORDINARY))
    for example in tuple(tried):
        for _ in range(10):
            keep = dice.randint(2, len(example))
            length = max(0, len(example) - keep + dice.choice((-1, 0, 0, 0, 1)))
            number = example[:keep] + "".join(dice.choices("0123456789", k=length))
            if len(number) > 16 or number.startswith(DENIED):
                continue
            if is_ordinary(number):
                tried.add(number)
    assert len(tried) > 3000
    assert [number for number in sorted(tried) if is_refused(number)] == []


def test_networks_of_no_country_are_denied_but_for_the_free_numbers() -> None:
    for code in NETWORKS:
        example = phonenumbers.example_number_for_non_geo_entity(code)
        assert example is not None
        number = phonenumbers.format_number(example, PhoneNumberFormat.E164)
        assert is_refused(number) is (code != 800)


@pytest.mark.parametrize(
    "number", ["+390612345678", "+3780549886377", "+2250123456789", "+24106031234"]
)
def test_a_zero_is_part_of_the_number_where_the_plan_has_one(number: str) -> None:
    assert not is_refused(number)


@pytest.mark.parametrize(
    "number",
    ["+490301234567", "+4400207946012", "+10212555014", "+3900899123456", "+37589021234567"],
)
def test_a_zero_is_another_way_to_write_a_number_where_it_has_none(number: str) -> None:
    assert is_refused(number)


def test_a_number_that_no_plan_knows_is_told_so() -> None:
    policy = DialPolicy(destinations=("US",))
    with pytest.raises(DialRefused, match="no numbering plan knows this number") as caught:
        policy.check_number("+15550100199")
    assert "add the number's country" not in str(caught.value)
    DialPolicy(destinations=("+1555010",)).check_number("+15550100199")


# What leaves in a reply.


def bridge(number: object, kind: object = "PSTN") -> dict[str, object]:
    """The action as it stands in a reply."""
    endpoint = {"BridgeEndpointType": kind, "Uri": number}
    return {
        "Type": "CallAndBridge",
        "Parameters": {"CallerIdNumber": OURS, "Endpoints": [endpoint]},
    }


def unknown(action: dict[str, object]) -> Action[object]:
    """The same of a type that this version is said not to know."""
    return UnknownAction.keep(action)


def leaves(reply: Reply, **variables: str) -> bool:
    """Whether somebody is rung, where a flow answers a call with this."""
    router = Router()
    router.check()(guarded_by(variables))

    @router.new_inbound_call()
    def answer(event: NewInboundCall) -> Reply:
        return reply

    return "CallAndBridge" in str(router(payload("new_inbound_call/minimal"))["Actions"])


def test_without_destinations_ordinary_numbers_are_bridged_and_no_others() -> None:
    dice = random.Random(7)
    for number in dice.sample(list(examples(ORDINARY)), 40):
        assert leaves(Action.from_wire(bridge(number)))
    for number in dice.sample([*dict.fromkeys(examples(NEVER_DIALLED))], 40):
        assert not leaves(Action.from_wire(bridge(number)))
    assert not leaves(Action.from_wire(bridge("+8816312345678")))
    assert not leaves(Action.from_wire(bridge("+442071838750")), OFFHOOK_DIAL_DESTINATIONS="US")


FORBIDDEN = "+19005550143"


@pytest.mark.parametrize(
    "number",
    [
        *(FORBIDDEN, FORBIDDEN[1:], "0019005550143", "9005550143", "911", "112", "*67", ""),
        *(f"tel:{FORBIDDEN}", f"sip:{FORBIDDEN}@example.com", f" {FORBIDDEN}", f"{FORBIDDEN}\n"),
        *(
            "+1 900 555 0143",
            "+1-900-555-0143",
            "+1(900)5550143",
            "+\uff119005550143",
            "+1\u0669005550143",
        ),
        *("++19005550143", "+019005550143", f"{FORBIDDEN};ext=1", f"{FORBIDDEN},,1", None, 7, []),
        *("tel:+12125550143", "+1 212 555 0143", "12125550143", ["+12125550143"]),
    ],
)
def test_no_spelling_gets_past_the_check(number: object) -> None:
    assert not leaves([unknown(bridge(number))])


@pytest.mark.parametrize("kind", ["pstn", "Pstn", "PSTN ", "SIP", "", None, 0, ["PSTN"]])
def test_an_endpoint_of_a_type_that_nobody_knows_is_refused(kind: object) -> None:
    for number in (FORBIDDEN, "+12125550143"):
        assert not leaves([unknown(bridge(number, kind))])
    if isinstance(kind, str):
        assert not leaves([Action.from_wire(bridge("+12125550143", kind))])


@pytest.mark.parametrize(
    "endpoints",
    [
        None,
        [],
        {},
        "PSTN",
        [None],
        [{"Uri": "+12125550143"}],
        [{"BridgeEndpointType": "AWS", "Uri": FORBIDDEN}],
        {"BridgeEndpointType": "PSTN", "Uri": FORBIDDEN},
        [{"BridgeEndpointType": "PSTN", "Uri": to} for to in ("+12125550143", FORBIDDEN)],
    ],
)
def test_a_bridge_that_does_not_tell_whom_it_rings_is_refused(endpoints: object) -> None:
    parameters = {"Endpoints": endpoints}
    assert not leaves([unknown({"Type": "CallAndBridge", "Parameters": parameters})])


def test_a_raw_reply_is_checked_as_a_typed_one_is() -> None:
    for number, is_rung in (("+12125550143", True), (FORBIDDEN, False)):
        raw = {"SchemaVersion": "1.0", "Actions": [bridge(number)]}
        assert leaves(Response.from_wire(raw)) is is_rung
        assert leaves([unknown(bridge(number))]) is is_rung
        typed = Action.from_wire(bridge("+12125550143"))
        assert leaves(typed.model_copy(update={"uri": number})) is is_rung
