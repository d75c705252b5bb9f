"""How many calls the account may have, and how fast it may start them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from offhook.production.doctor.link import Link, Report
from offhook.production.doctor.metrics import count


@dataclass(frozen=True)
class Quota:
    """One of the account's."""

    default: float
    """What an account begins with (AWS General Reference, Chime SDK endpoints and quotas)."""
    named: re.Pattern[str]
    """Its name in Service Quotas."""


QUOTAS: Final[Mapping[str, Quota]] = {
    "active calls": Quota(10, re.compile(r"(?i)(?=.*(sip media app|\bSMA\b)).*active calls")),
    "CreateSipMediaApplicationCall a second": Quota(
        1, re.compile(r"(?i).*CreateSipMediaApplicationCall")
    ),
    "UpdateSipMediaApplicationCall a second": Quota(
        5, re.compile(r"(?i).*UpdateSipMediaApplicationCall")
    ),
}


def look_at_quotas(report: Report, region: str) -> Mapping[str, float]:
    """What they are, and whether calls have reached them. Where Service Quotas does not tell, they
    are the defaults."""
    with report.link("quotas", region, region) as link:
        listed = link.each("service-quotas", "ListServiceQuotas", "Quotas", ServiceCode="chime")
        quotas: dict[str, float] = {}
        for name, quota in QUOTAS.items():
            told = [q for q in listed or () if quota.named.match(str(q.get("QuotaName", "")))]
            quotas[name] = float(told[0]["Value"]) if told else quota.default
            code = f" ({told[0]['QuotaCode']})" if told else ", by default"
            link.fine(f"{name}: {quotas[name]:g}{code}")
        most = _most_active(link)
        if most >= quotas["active calls"]:
            link.wrong(
                "quota-reached",
                f"{most:g} calls were active at once in the last 24 hours, and the quota is "
                f"{quotas['active calls']:g}: the next caller hears busy (a bridged call is two)",
                "aws service-quotas list-service-quotas --service-code chime",
            )
        return quotas


def _most_active(link: Link) -> float:
    namespace, metric = "AWS/ChimeVoiceConnector", "SmaActiveCallCount"
    found = link.each(
        "cloudwatch", "ListMetrics", "Metrics", Namespace=namespace, MetricName=metric
    )
    return max(
        (count(link, namespace, metric, one["Dimensions"], "Maximum") for one in found or ()),
        default=0,
    )
