"""StartBotConversation: a scripted bot talks with the caller."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import cast

from offhook.actions.refusals import Refusal
from offhook.actions.start_bot_conversation import StartBotConversation
from offhook.emulator.call.audio import speech
from offhook.emulator.call.behaviour import Stage, SuccessData, behaviour
from offhook.emulator.call.bots import Bot
from offhook.emulator.call.deeds import Deed
from offhook.emulator.call.refused import Refused

_NOT_FOUND = Refusal("ResourceNotFound", "The specified bot is not found.")
_DENIED = Refusal("ResourceAccessDenied", "Access to the bot is denied.")
"""Not documented: the words are ours."""
_ALIAS = Refusal("InvalidActionParameter", "The BotAliasArn parameter is invalid.")
_CONFIGURATION = Refusal("InvalidActionParameter", "The Configuration parameter is invalid.")
_BRIDGED = Refusal("InvalidActionParameter", "Invalid action on the call.")


@behaviour(
    answers=True,
    notifies=True,
    when_left="ACTION_SUCCESSFUL",
    on="LEG-A",
    may=lambda _action, known: [
        *(Deed("intent", each) for each in (*known.intents, "FallbackIntent")),
        Deed("gives up", "as a bot"),
    ],
    at_fault={"bot-missing": _NOT_FOUND, "bot-denied": _DENIED},
)
async def start_bot_conversation(action: StartBotConversation, stage: Stage) -> SuccessData:
    """The bot welcomes, the caller talks, and what was understood comes back."""
    if stage.call.leg_b is not None:
        raise Refused(_BRIDGED, "a bridged call, or one in a meeting, cannot talk with a bot")
    _check(action, stage)
    arn, bot, speaks = action.bot_alias_arn, stage.world.bots.get(action.bot_alias_arn), None
    if bot is None and (speaks := stage.world.speaks_for_bots) is None:
        raise Refused(_NOT_FOUND, f"no bot is scripted for {arn}: {_how(arn, stage)}")
    given = action.session_attributes or {}
    stage.so_far["IntentResult"] = (bot or Bot()).intent_result(stage.leg.call_id, given)
    pace = stage.settings.words_per_minute
    with stage.leg.taking(lambda _key: True):  # keys are for the bot, and nobody else
        for message in action.welcome_messages:
            kind = "ssml" if message.content_type == "SSML" else "text"
            await stage.leg.hears(speech(message.content, kind, pace))
        if bot is None and speaks is not None:
            bot = await speaks(arn)
            stage.so_far["IntentResult"] = bot.intent_result(stage.leg.call_id, given)
        await _talk(bot or Bot(), stage, pace)
    return {"IntentResult": stage.so_far["IntentResult"]}


def _check(action: StartBotConversation, stage: Stage) -> None:
    """What its class does not: it knows no region, and has a default that the service has not."""
    region = action.bot_alias_arn.split(":")[3]
    if region != stage.world.region:
        raise Refused(_ALIAS, f"the bot is in {region}, the application in {stage.world.region}")
    sent = cast("Mapping[str, Sequence[Mapping[str, object]]]", stage.echo.get("Configuration", {}))
    for number, message in enumerate(sent.get("WelcomeMessages") or ()):
        if not message.get("ContentType"):
            why = f"WelcomeMessages[{number}] has no ContentType: PlainText or SSML"
            raise Refused(_CONFIGURATION, why)


async def _talk(bot: Bot, stage: Stage, pace: int) -> None:
    """Turn by turn."""
    for says, hears in zip_longest(bot.says, bot.hears):
        if says is not None:
            await stage.leg.hears(speech(says, "text", pace))
        if hears is not None:
            clip = speech(hears, "text", pace)
            stage.call.person_says(stage.leg, clip)
            await asyncio.sleep(clip.seconds)
    await asyncio.sleep(0 if bot.hears else bot.seconds)


def _how(arn: str, stage: Stage) -> str:
    """What to write, so that there is one."""
    there = ", ".join(stage.world.bots)
    return (
        f'[[tool.offhook.bots]] with bot_alias_arn = "{arn}" and intent = "..." does it, '
        f"or PUT /_offhook/bots/{arn}, or phone.bot(...)"
        + (f"; there are {there}" if there else "")
    )
