"""What the configuration says of exploration, and which flag beats it."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

import pytest

from offhook.command import explore
from offhook.emulator.explore.options import Options
from offhook.emulator.service.config import load
from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.service.exploration import Exploration
from offhook.emulator.service.usual import A_CALLER

SAID = """
[tool.offhook.explore]
from = "+15550100400"
at = [2027-03-06T22:30:00, "2027-03-07T22:30:00+01:00"]
sip_headers = { X-Account = "7" }
outbound = true
arguments = { name = "Ada" }
updates = [{ what = "end" }, { what = "admit", meeting_id = "m-1" }]
faults = 2
seconds = 5
"""


def said(folder: Path, text: str) -> Exploration:
    (folder / "pyproject.toml").write_text(text)
    return load(folder).explore


def wanted(usual: Exploration, *flags: str) -> Options:
    parser = ArgumentParser()
    explore.add_arguments(parser)
    return explore.wanted(parser.parse_args(flags), usual)


def test_the_configuration_says_which_calls_are_explored(tmp_path: Path) -> None:
    options = wanted(said(tmp_path, SAID))
    assert options.from_ == "+15550100400"
    assert [*options.at] == [
        datetime(2027, 3, 6, 22, 30, tzinfo=UTC),
        datetime(2027, 3, 7, 21, 30, tzinfo=UTC),
    ]
    assert options.sip_headers == {"X-Account": "7"}
    assert (options.inbound, options.outbound) == (True, True)
    assert options.arguments == {"name": "Ada"}
    assert [*options.updates] == [{"what": "end"}, {"what": "admit", "meeting_id": "m-1"}]
    assert (options.faults, options.seconds) == (2, 5)


def test_a_flag_beats_it(tmp_path: Path) -> None:
    flags = ["--from", A_CALLER, "--at", "2027-01-01T00:00", "--sip-header", "X-Account=8"]
    flags += ["--argument", "name=Bob", "--update", "what=transfer", "--faults", "0", "--all"]
    options = wanted(said(tmp_path, SAID), *flags, "--outbound-only", "--after", "HEAD~1")
    assert options.from_ == A_CALLER
    assert [*options.at] == [datetime(2027, 1, 1, tzinfo=UTC)]
    assert options.sip_headers == {"X-Account": "8"}
    assert (options.inbound, options.outbound) == (False, True)
    assert options.arguments == {"name": "Bob"}
    assert [*options.updates] == [{"what": "transfer"}]
    assert (options.faults, options.seconds, options.after) == (0, None, "HEAD~1")


def test_where_nothing_is_said_a_minute_of_calls_to_us_is_explored(tmp_path: Path) -> None:
    options = wanted(said(tmp_path, ""))
    assert (options.from_, [*options.at], options.outbound) == (A_CALLER, [], False)
    assert (options.faults, options.seconds) == (1, 60)


def test_a_key_that_there_is_not_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"explore\.fault: there is no such key.*faults"):
        said(tmp_path, "[tool.offhook.explore]\nfault = 1\n")
