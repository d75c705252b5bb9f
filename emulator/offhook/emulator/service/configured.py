"""What the configuration gives: to the account applications, numbers, a rule for each; to the
service far ends, bots and faults."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar

from offhook.emulator.call.bots import Bot
from offhook.emulator.call.far_end import FarEnd
from offhook.emulator.faults import Fault, Faults
from offhook.emulator.service import config
from offhook.emulator.service.account import Account
from offhook.emulator.service.config import Desk
from offhook.emulator.service.records import (
    Endpoint,
    PhoneNumber,
    Record,
    SipMediaApplication,
    SipRule,
    Target,
)
from offhook.emulator.service.switchboard import application_id, rule_id

T = TypeVar("T")


def configure(account: Account, desk: Desk, before: Desk | None = None) -> None:
    """Give the account what the desk names.

    What is there already stays as it is, unless the configuration changed since `before`; what
    it no longer names goes.
    """
    account.functions = {
        name: app.function
        for app in desk.sip_media_applications
        if (name := function_name(app.name)) not in desk.functions
    }
    old: Mapping[str, Record] = _given(before) if before is not None else {}
    new = _given(desk)
    holdings = account.holdings
    for key in old.keys() - new.keys():
        for shelf in (holdings.applications, holdings.rules, holdings.numbers):
            shelf.pop(key, None)
    for key, record in new.items():
        is_changed = key in old and _content(old[key]) != _content(record)
        if key in holdings.configured and not is_changed:
            continue
        holdings.configured.add(key)
        match record:
            case SipMediaApplication():
                holdings.applications[key] = record
            case SipRule():
                holdings.rules[key] = record
            case PhoneNumber():
                holdings.numbers[key] = record
            case _:
                pass
    account.changed()


def describe(
    far_ends: dict[str, FarEnd],
    bots: dict[str, Bot],
    faults: Faults,
    desk: Desk,
    before: Desk | None = None,
) -> None:
    """Put what the desk describes and has changed since `before`; what somebody has put since
    stays."""
    _follow(far_ends, desk.far_ends, before.far_ends if before else {})
    _follow(bots, desk.scripted, before.scripted if before else {})
    put = before.faults if before else ()
    if desk.faults != put:
        gone = {Fault.parse(text).what for text in put}
        faults.waiting[:] = [fault for fault in faults.waiting if fault.what not in gone]
        faults.put(*desk.faults)


def _follow(there: dict[str, T], now: Mapping[str, T], before: Mapping[str, T]) -> None:
    for key in before.keys() - now.keys():
        there.pop(key, None)
    there.update((key, each) for key, each in now.items() if before.get(key) != each)


@lru_cache
def function_name(name: str) -> str:
    """The name of the Lambda function of an application that the configuration names."""
    return re.sub(r"[^a-zA-Z0-9-_]+", "-", name)


def _given(desk: Desk) -> Mapping[str, Record]:
    """By id, or number."""
    return _made(desk.account, desk.region, desk.sip_media_applications, desk.sip_rules)


@lru_cache
def _made(
    account: str,
    region: str,
    applications: Sequence[config.SipMediaApplication],
    rules: Sequence[config.SipRule],
) -> Mapping[str, Record]:
    """Made once for all desks that say the same: each test has one."""
    made: dict[str, Record] = {}
    now = datetime.now(UTC)
    ids = {app.name: application_id(app.name) for app in applications}
    ruled = {rule.trigger for rule in rules}
    given = [
        config.SipRule(name=app.name, trigger=number, sip_media_applications=(app.name,))
        for app in applications
        for number in app.numbers
        if number not in ruled
    ]
    for app in applications:
        function = f"arn:aws:lambda:{region}:{account}:function:{function_name(app.name)}"
        arn = app.function if app.function.startswith("arn:") else function
        made[ids[app.name]] = SipMediaApplication(
            sip_media_application_id=ids[app.name],
            aws_region=region,
            name=re.sub(r"[^a-zA-Z0-9 _.-]+", "-", app.name)[:256],
            endpoints=[Endpoint(LambdaArn=arn)],
            sip_media_application_arn=f"arn:aws:chime:{region}:{account}:sma/{ids[app.name]}",
            created_timestamp=now,
            updated_timestamp=now,
        )
        for number in app.numbers:
            made[number] = PhoneNumber(
                e164_phone_number=number, created_timestamp=now, updated_timestamp=now
            )
    for rule in (*given, *rules):
        its_id = rule_id(rule.trigger, rule.name)
        made[its_id] = SipRule(
            sip_rule_id=its_id,
            name=re.sub(r"[^a-zA-Z0-9 _.-]+", "", f"{rule.name} {rule.trigger}")[:256],
            disabled=rule.disabled,
            trigger_type="ToPhoneNumber" if rule.trigger[0] == "+" else "RequestUriHostname",
            trigger_value=rule.trigger,
            target_applications=[
                Target(SipMediaApplicationId=ids[name], Priority=priority, AwsRegion=region)
                for priority, name in enumerate(rule.sip_media_applications, 1)
            ],
            created_timestamp=now,
            updated_timestamp=now,
        )
    return made


def _content(record: Record) -> dict[str, object]:
    return record.model_dump(exclude={"created_timestamp", "updated_timestamp"})
