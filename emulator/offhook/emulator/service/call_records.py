"""Call detail records and the log of messages, as JSON lines (reference E.8, E.9).

AWS documents the keys of a record, not all of their values; the format of the message log is not
documented at all. Ours says so in its name: what the application was told, and what it answered.
"""

import json
import logging
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from offhook.emulator.call.call import Call
from offhook.emulator.call.leg import Leg
from offhook.emulator.service.account import Account

log = logging.getLogger("offhook.records")

RECORDS = Path("Amazon-Chime-SMADRs")
"""The folder of call detail records, as in the bucket (dg/attributes)."""
MESSAGES = Path("aws", "ChimeSipMediaApplicationSipMessages")
"""The folder of message logs, as the log group is called."""


class CallRecords:
    """Writes what is left of a call when it is over."""

    def __init__(self, folder: Path, account: Account, *, always: bool) -> None:
        """Below `folder`. Records are written `always`, or when UpdateGlobalSettings has named a
        bucket for them."""
        self._folder = folder
        self._account = account
        self._always = always

    def write(self, call: Call) -> None:
        """A record for each leg; and the messages, where the application logs them. What cannot
        be written is told in the log, and the desk goes on."""
        try:
            self._write(call)
        except OSError as error:
            log.warning("no record of %s: %s", call.transaction_id, error)

    def _write(self, call: Call) -> None:
        bucket = self._account.holdings.cdr_bucket
        if self._always or bucket:
            day = datetime.fromtimestamp(call.started_ms / 1000, UTC)
            folder = self._folder / (bucket or "") / RECORDS / f"{day:%Y/%m/%d}"
            file = folder / f"{call.transaction_id}.jsonl"
            _append(file, (record(call, leg, self._account) for leg in call.every_leg))
        if self._account.holdings.message_logs.get(call.sip_media_application_id):
            log = self._folder / MESSAGES / f"{call.sip_media_application_id}.jsonl"
            _append(log, messages(call))


def record(call: Call, leg: Leg, account: Account) -> dict[str, str]:
    """The record of one leg; every value is a string, numbers have no `+`.

    `UsageType` and `ServiceCode` are empty: they are codes of AWS's price list, and which of them
    a call has is not documented.
    """
    identity = call.told.identity
    triggered_by = str(call.told.events[0]["InvocationEventType"]) if call.told.events else ""
    return {
        "AwsAccountId": identity.account,
        "TransactionId": identity.transaction_id,
        "CallId": leg.call_id,
        "VoiceConnectorId": _voice_connector(call, leg, account),
        "Status": "Completed" if leg.answered_at is not None else "Failed",
        "BillableDurationSeconds": str(_connected_seconds(leg)),
        "SchemaVersion": "2.0",
        "SourcePhoneNumber": leg.from_.lstrip("+"),
        "SourcePhoneNumberName": _name(leg.from_, account),
        "DestinationPhoneNumber": leg.to.lstrip("+"),
        "DestinationPhoneNumberName": _name(leg.to, account),
        "UsageType": "",
        "ServiceCode": "",
        "Direction": leg.direction,
        "TimeStampEpochSeconds": str(leg.started_ms // 1000),
        "Region": identity.region,
        "SipRuleId": identity.sip_rule_id or "",
        "SipApplicationId": call.sip_media_application_id,
        "CallLegTriggerType": triggered_by if leg.tag == "LEG-A" else _joined_by(leg),
        "BillableVoiceFocusSeconds": str(
            math.ceil(sum(span.end - span.start for span in leg.focused))
        ),
    }


def _joined_by(leg_b: Leg) -> str:
    return "JoinChimeMeeting" if leg_b.is_meeting else "CallAndBridge"


def _voice_connector(call: Call, leg: Leg, account: Account) -> str:
    """The id of the Voice Connector that a call came through: the first label of its host."""
    rule = account.holdings.rules.get(call.told.identity.sip_rule_id or "")
    if rule is None or leg.tag != "LEG-A" or rule.trigger_type != "RequestUriHostname":
        return ""
    return rule.trigger_value.partition(".")[0]


def _name(number: str, account: Account) -> str:
    """What UpdatePhoneNumber has named a number of ours."""
    ours = account.holdings.numbers.get(number)
    return (ours.name if ours is not None else None) or ""


def _connected_seconds(leg: Leg) -> int:
    """Begun seconds count."""
    if leg.answered_at is None or leg.ended_at is None:
        return 0
    return math.ceil(leg.ended_at - leg.answered_at)


def messages(call: Call) -> Iterator[Mapping[str, object]]:
    """What was told and answered, in order."""
    its_id = call.transaction_id
    for event, reply in zip(call.told.events, call.told.replies, strict=False):
        yield {"transaction_id": its_id, "event": event, "reply": reply}


def _append(file: Path, lines: Iterable[Mapping[str, object]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.writelines(f"{json.dumps(line)}\n" for line in lines)
