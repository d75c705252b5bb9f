"""What a call can be told to do. Each action lives in the file of its name; see `base`.

Everything is imported on first use: an application pays at start-up for what it uses.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from offhook.actions.base import Action, UnknownAction, action_class, action_types
from offhook.actions.response import Actions, Response

if TYPE_CHECKING:
    from offhook.actions.call_and_bridge import CallAndBridge as CallAndBridge
    from offhook.actions.digits import Digits as Digits
    from offhook.actions.fields import Unlisted as Unlisted
    from offhook.actions.hangup import Hangup as Hangup
    from offhook.actions.join_chime_meeting import JoinChimeMeeting as JoinChimeMeeting
    from offhook.actions.markup import ssml as ssml
    from offhook.actions.modify_chime_meeting_attendees import (
        ModifyChimeMeetingAttendees as ModifyChimeMeetingAttendees,
    )
    from offhook.actions.pause import Pause as Pause
    from offhook.actions.pause_call_recording import PauseCallRecording as PauseCallRecording
    from offhook.actions.play_audio import PlayAudio as PlayAudio
    from offhook.actions.play_audio_and_get_digits import (
        PlayAudioAndGetDigits as PlayAudioAndGetDigits,
    )
    from offhook.actions.receive_digits import ReceiveDigits as ReceiveDigits
    from offhook.actions.record_audio import RecordAudio as RecordAudio
    from offhook.actions.record_audio import Recording as Recording
    from offhook.actions.resume_call_recording import ResumeCallRecording as ResumeCallRecording
    from offhook.actions.send_digits import SendDigits as SendDigits
    from offhook.actions.speak import Speak as Speak
    from offhook.actions.speak_and_get_digits import SpeakAndGetDigits as SpeakAndGetDigits
    from offhook.actions.start_bot_conversation import BotConversation as BotConversation
    from offhook.actions.start_bot_conversation import SlotsUnreadable as SlotsUnreadable
    from offhook.actions.start_bot_conversation import (
        StartBotConversation as StartBotConversation,
    )
    from offhook.actions.start_call_recording import CallRecording as CallRecording
    from offhook.actions.start_call_recording import StartCallRecording as StartCallRecording
    from offhook.actions.stop_call_recording import StopCallRecording as StopCallRecording
    from offhook.actions.voice_focus import VoiceFocus as VoiceFocus

_RESULTS = {
    "BotConversation": "start_bot_conversation", "CallRecording": "start_call_recording",
    "Digits": "digits", "Recording": "record_audio", "SlotsUnreadable": "start_bot_conversation",
    "Unlisted": "fields", "ssml": "markup",
}  # fmt: skip

__all__ = ["Action", "Actions", "Response", "UnknownAction", "action_class", "action_types"]


def __getattr__(name: str) -> object:
    if name in _RESULTS:
        found: object = getattr(import_module(f"{__name__}.{_RESULTS[name]}"), name)
    else:
        found = action_class(name)
    if found is None:
        from offhook.actions.complaints import no_such

        raise no_such(__name__, name, __dir__())
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*__all__, *_RESULTS, *action_types()])
