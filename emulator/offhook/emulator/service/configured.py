"""What the configuration gives the account: applications, numbers, a rule for each."""

import re
from collections.abc import Iterator

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
    old = dict(_given(account, before)) if before is not None else {}
    new = dict(_given(account, desk))
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


def function_name(name: str) -> str:
    """The name of the Lambda function of an application that the configuration names."""
    return re.sub(r"[^a-zA-Z0-9-_]+", "-", name)


def _given(account: Account, desk: Desk) -> Iterator[tuple[str, Record]]:
    now = account.now()
    by_name: dict[str, str] = {}
    for app in desk.sip_media_applications:
        its_id = by_name[app.name] = application_id(app.name)
        function = f"arn:aws:lambda:{desk.region}:{desk.account}:function:{function_name(app.name)}"
        arn = app.function if app.function.startswith("arn:") else function
        yield (
            its_id,
            SipMediaApplication(
                sip_media_application_id=its_id,
                aws_region=desk.region,
                name=re.sub(r"[^a-zA-Z0-9 _.-]+", "-", app.name)[:256],
                endpoints=[Endpoint(LambdaArn=arn)],
                sip_media_application_arn=account.arn(f"sma/{its_id}"),
                created_timestamp=now,
                updated_timestamp=now,
            ),
        )
        for number in app.numbers:
            yield (
                number,
                PhoneNumber(e164_phone_number=number, created_timestamp=now, updated_timestamp=now),
            )
    ruled = {rule.trigger for rule in desk.sip_rules}
    for app in desk.sip_media_applications:
        for number in app.numbers:
            if number not in ruled:
                yield _rule(account, number, app.name, [by_name[app.name]], disabled=False)
    for rule in desk.sip_rules:
        targets = [by_name[name] for name in rule.sip_media_applications]
        yield _rule(account, rule.trigger, rule.name, targets, disabled=rule.disabled)


def _rule(
    account: Account, trigger: str, name: str, targets: list[str], *, disabled: bool
) -> tuple[str, Record]:
    now = account.now()
    its_id = rule_id(trigger, name)
    is_number = trigger.startswith("+")
    return its_id, SipRule(
        sip_rule_id=its_id,
        name=re.sub(r"[^a-zA-Z0-9 _.-]+", "", f"{name} {trigger}")[:256],
        disabled=disabled,
        trigger_type="ToPhoneNumber" if is_number else "RequestUriHostname",
        trigger_value=trigger,
        target_applications=[
            Target(SipMediaApplicationId=target, Priority=priority, AwsRegion=account.region)
            for priority, target in enumerate(targets, 1)
        ],
        created_timestamp=now,
        updated_timestamp=now,
    )


def _content(record: Record) -> dict[str, object]:
    return record.model_dump(exclude={"created_timestamp", "updated_timestamp"})
