"""Far ends, bots and faults have the same names in the configuration, over HTTP and in Python.

About `offhook.emulator.service.configured`.
"""

from pathlib import Path

import pytest

from offhook.actions import CallAndBridge, Hangup, Speak, StartBotConversation
from offhook.emulator.service.config import Desk, load
from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.service.described import BotAlias, bot, far_end
from offhook.emulator.testing import Agent, Answers, Bot, Fault, Ivr, Phone, Voicemail, busy
from tests.emulator.call.stories import OUR_NUMBER, scripted
from tests.emulator.functions import action_data, error, types

BOT = "arn:aws:lex:us-east-1:123456789012:bot-alias/BOOKS/PROD"
NUMBERS = f"""
[[tool.offhook.sip_media_applications]]
numbers = ["{OUR_NUMBER}"]
function = "nobody:asks"
"""
BRIDGE = CallAndBridge(caller_id_number=OUR_NUMBER, uri="+15550107777")


def desk(folder: Path, text: str) -> Desk:
    (folder / "pyproject.toml").write_text(NUMBERS + text, encoding="utf-8")
    return load(folder)


@pytest.mark.parametrize(
    "text",
    [
        '[tool.offhook.far_ends]\n"+15550107777" = { is = "Rejects", sip_response_code = 486 }',
        '[tool.offhook.far_ends."+15550107777"]\nIs = "Rejects"\nSipResponseCode = 486',
        '[tool.offhook.far_ends]\ndefault = { is = "Rejects", sip_response_code = 486 }',
    ],
    ids=["snake case", "pascal case", "everywhere else"],
)
def test_a_far_end_of_the_configuration_is_rung(tmp_path: Path, text: str) -> None:
    function = scripted([BRIDGE], [Speak(text="They are busy."), Hangup()])
    with Phone(function, desk=desk(tmp_path, text)) as phone:
        call = phone.dials()
        call.hears("They are busy.")
    assert error(call.events[1])[0] == "CallNotAnswered"


def test_what_a_story_puts_beats_the_configuration(tmp_path: Path) -> None:
    text = '[tool.offhook.far_ends]\n"+15550107777" = { is = "NeverAnswers" }'
    function = scripted([BRIDGE], [Speak(text="Hello, both.")])
    with Phone(function, desk=desk(tmp_path, text)) as phone:
        phone.at("+15550107777", Answers(after=1))
        phone.dials().hears("Hello, both.")


def test_a_bot_of_the_configuration_talks_turn_by_turn(tmp_path: Path) -> None:
    text = f"""
[[tool.offhook.bots]]
bot_alias_arn = "{BOT}"
intent = "BookRoom"
slots = {{ Nights = "2" }}
session_attributes = {{ step = "2" }}
says = ["What can I do for you?", "And for how long?"]
hears = ["A room, please.", "Two nights."]
"""
    function = scripted([StartBotConversation(bot_alias_arn=BOT)], [Speak(text="Booked.")])
    with Phone(function, desk=desk(tmp_path, text)) as phone:
        call = phone.dials()
        call.hears("What can I do for you?")
        call.hears("And for how long?")
        call.hears("Booked.")
        ladder = call.ladder.render()
    assert ladder.index("A room, please.") < ladder.index("And for how long?")
    assert ladder.index("Two nights.") < ladder.index("Booked.")
    result = str(action_data(call.events[1])["IntentResult"])
    assert "'BookRoom'" in result
    assert "'InterpretedValue': '2'" in result
    assert "{'step': '2'}" in result


def test_a_fault_of_the_configuration_strikes_in_every_call(tmp_path: Path) -> None:
    text = '[tool.offhook]\nfaults = ["Speak=AccessDenied:1"]\n'
    desk_ = desk(tmp_path, text)
    for _ in range(2):  # how often it has struck is the call's own, and not the desk's
        with Phone(scripted([Speak(text="Hello.")], []), desk=desk_) as phone:
            call = phone.dials()
            call.waits(5)
            assert types(call.events)[1] == "ACTION_FAILED"


def test_a_variable_says_the_faults_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFHOOK_FAULTS", "slow=6, failing:2")
    assert desk(tmp_path, "").faults == ("slow=6", "failing:2")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("promts = 'audio'", "promts: there is no such key: did you mean prompts?"),
        ("zebra = 1", "zebra: there is no such key: there are account, region, "),
        ("[tool.offhook.s3]\nendpont = 'folders'", "s3.endpont: there is no such key: did you m"),
        (
            "functions = {a = {function = 'a:b', timeout = 3}}",
            "functions.a.timeout: there is no such key: did you mean timeout_seconds?",
        ),
        (
            "[[tool.offhook.sip_rules]]\ntriger = '+15550100100'",
            "sip_rules.0.triger: there is no such key: did you mean trigger?",
        ),
        (
            '[tool.offhook.far_ends]\n"+1555" = { is = "Voicemial" }',
            "far_ends.+1555: is: there is no 'Voicemial': did you mean Voicemail?",
        ),
        (
            '[tool.offhook.far_ends]\n"+1555" = { is = "Voicemail", greting = "Hi" }',
            "far_ends.+1555: Voicemail has no greting: did you mean greeting?",
        ),
        ('[tool.offhook.far_ends]\n"+1555" = "busy"', "far_ends.+1555: write what is there, as in"),
        (
            "[[tool.offhook.bots]]\nbot_alias_arn = 'arn'\nintents = 'a'",
            "bots.0: BotAlias has no intents: did you mean intent?",
        ),
        ("[[tool.offhook.bots]]\nintent = 'Book'", "bots.0: bot_alias_arn: it is missing"),
        (
            "[[tool.offhook.bots]]\nbot_alias_arn = 'arn'",
            "bots.0: bot_alias_arn: a bot's alias is arn:aws:lex:REGION",
        ),
        ("bots = ['arn']", "bots.0: write a table with bot_alias_arn"),
        (
            f"[[tool.offhook.bots]]\nbot_alias_arn = '{BOT}'\n" * 2,
            "bots: each bot_alias_arn can be there once",
        ),
        ("faults = ['sloth']", "faults.0: there is no fault 'sloth': there are slow, "),
    ],
)
def test_a_mistake_names_the_nearest_that_there_is(tmp_path: Path, text: str, says: str) -> None:
    text = text if text.startswith("[") else f"[tool.offhook]\n{text}"
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as wrong:
        load(tmp_path)
    assert f"[tool.offhook] of {tmp_path / 'pyproject.toml'}: {says}" in str(wrong.value)


def test_python_says_it_in_objects(tmp_path: Path) -> None:
    assert far_end(busy()) == busy()
    assert far_end({"After": 3, "Says": ["Hello?"]}) == Answers(after=3, says=["Hello?"])
    menu = {"is": "Ivr", "greeting": "Press 1.", "answers": {"1": "One."}}
    assert far_end(menu) == Ivr("Press 1.", {"1": "One."})
    agent = {"is": "Agent", "turns": ["Hello.", {"X-Given-Back": "desk"}]}
    assert far_end(agent) == Agent(turns=["Hello.", {"X-Given-Back": "desk"}])
    assert isinstance(bot({"BotAliasArn": BOT, "Intent": "BookRoom"}), Bot)
    said = Desk(far_ends={"+15550107777": Voicemail()}, bots=(BotAlias(bot_alias_arn=BOT),))
    assert said.far_ends["+15550107777"] == Voicemail()
    assert said.scripted[BOT].intent == "FallbackIntent"


def test_what_is_put_stays_when_the_file_changes_and_what_it_said_goes(tmp_path: Path) -> None:
    text = """
[tool.offhook]
faults = ["slow=1"]
[tool.offhook.far_ends]
default = { is = "NeverAnswers" }
"+15550107777" = { is = "Voicemail" }
"""
    first = desk(tmp_path, text)
    with Phone(scripted([]), desk=first) as phone:
        service = phone.service
        service.faults.put("throttled")
        service.far_ends["+15550107778"] = busy()
        service.reconfigure(desk(tmp_path, '[tool.offhook]\nfaults = ["slow=2"]'))
        assert service.far_ends == {"+15550107778": busy()}
        assert service.default_far_end == Answers()
        assert list(map(str, service.faults.waiting)) == ["throttled", "slow=2"]
        service.faults.clear()
        service.faults.put(Fault.parse("slow=6"))
        service.reconfigure(service.desk)
        assert list(map(str, service.faults.waiting)) == ["slow=6"]
