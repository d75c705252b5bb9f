"""botocore's models of the two services are those that somebody has read."""

import pytest

from docs.aws_models import news, of_botocore
from offhook.emulator.server.api.model import MEETINGS, SERVICE


@pytest.mark.parametrize("service", [SERVICE, MEETINGS])
def test_nothing_is_new_in_botocore_s_model(service: str) -> None:
    assert not (told := news(of_botocore(service), f"{service}.json")), told


def test_what_is_new_is_said() -> None:
    facts = of_botocore(SERVICE)
    was = facts.pop("operations ListSipRules")
    facts["operations DialIt"] = "form 1, words 2"
    told = news(facts, f"{SERVICE}.json")
    assert f"operations ListSipRules:\n  was {was}\n  is  not there" in told
    assert "operations DialIt:\n  was not there\n  is  form 1, words 2" in told
