"""StartBotConversation: a scripted bot talks with the caller."""

import asyncio

from offhook.actions.refusals import Refusal
from offhook.actions.start_bot_conversation import StartBotConversation
from offhook.emulator.call.audio import speech
from offhook.emulator.call.behaviour import Stage, SuccessData, behaviour
from offhook.emulator.call.refused import Refused

_NOT_FOUND = Refusal("ResourceNotFound", "The specified bot is not found.")
_DENIED = Refusal("ResourceAccessDenied", "Access to the bot is denied.")
"""Not documented: the words are ours."""
_BRIDGED = Refusal("InvalidActionParameter", "Invalid action on the call.")


@behaviour(
    answers=True,
    notifies=True,
    when_left="ACTION_SUCCESSFUL",
    on="LEG-A",
    at_fault={"bot-missing": _NOT_FOUND, "bot-denied": _DENIED},
)
async def start_bot_conversation(action: StartBotConversation, stage: Stage) -> SuccessData:
    """The bot welcomes, the caller talks, and what was understood comes back."""
    if stage.call.leg_b is not None:
        raise Refused(_BRIDGED, "a bridged call, or one in a meeting, cannot talk with a bot")
    bot = stage.world.bots.get(action.bot_alias_arn)
    if bot is None:
        known = ", ".join(stage.world.bots) or "none"
        raise Refused(_NOT_FOUND, f"no bot is scripted for {action.bot_alias_arn}: {known}")
    given = action.session_attributes or {}
    result = bot.intent_result(stage.leg.call_id, given)
    stage.so_far["IntentResult"] = result
    pace = stage.settings.words_per_minute
    with stage.leg.taking(lambda _key: True):  # keys are for the bot, and nobody else
        for message in action.welcome_messages:
            kind = "ssml" if message.content_type == "SSML" else "text"
            await stage.leg.hears(speech(message.content, kind, pace))
        for text in bot.says:
            await stage.leg.hears(speech(text, "text", pace))
        await asyncio.sleep(bot.seconds)
    return {"IntentResult": result}
