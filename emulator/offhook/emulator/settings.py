"""Every decision that the documentation leaves open, as one named setting with a default.

The default is what the best evidence supports; the string under a setting names that, and says how
sure we are. `docs/settings.md` is made from this file.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """How the emulated service behaves where AWS does not say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words_per_minute: Annotated[int, Field(gt=0)] = 165
    """How fast Polly speaks, in words a minute, for the length of a Speak. Not documented."""

    empty_reply_to_new_inbound_call: Literal["drop", "ring"] = "drop"
    """A reply without actions to NEW_INBOUND_CALL: `drop` the call at once (the log line of
    dg/unexpected-hangups), or let it `ring` until it times out (dg/case-1). Medium."""

    unanswered_seconds: Annotated[float, Field(gt=0)] = 30.0
    """How long an inbound call rings before it is given up, in seconds (dg/case-1). High. While
    CallAndBridge rings somebody it goes on ringing, as CallTimeoutSeconds allows up to 120. Low."""

    outbound_ring_seconds: Annotated[float, Field(gt=0)] = 60.0
    """How long an outbound call rings before it is given up, in seconds. Not documented."""

    pause_answers: bool = False
    """Whether Pause answers an unanswered inbound call. dg/case-1 lists it apart from the actions
    that do. Low."""

    hangup_of_the_only_leg: Literal["hangup", "action_successful_then_hangup"] = "hangup"
    """What Hangup of the only connected leg brings: HANGUP alone (three real logs, in one of them
    at once; dg/hangup), or ACTION_SUCCESSFUL before it (a workshop's diagrams). High."""

    hangup_of_leg_b: Literal[
        "action_successful_then_hangup", "hangup_then_action_successful", "hangup"
    ] = "action_successful_then_hangup"
    """What Hangup of LEG-B brings while LEG-A stays connected: ACTION_SUCCESSFUL and HANGUP, in
    an unknown order (a sample starts its transfer on the former), or HANGUP alone (dg/hangup).
    Medium."""

    caller_leaves_during_an_action: Literal["action_then_hangup", "hangup"] = "action_then_hangup"
    """Events when the caller hangs up while an action runs: ACTION_SUCCESSFUL (media, bot) or
    ACTION_FAILED (digits) with a disconnected leg and then HANGUP, or HANGUP alone. Medium."""

    reply_while_an_action_runs: Literal["finish_then_replace", "replace"] = "finish_then_replace"
    """Actions in the reply to DIGITS_RECEIVED, or to the other leg's HANGUP, while an action
    runs: it finishes first (dg/invoke-on-call-leg), or is replaced at once. Medium."""

    list_while_the_function_is_asked: Literal["goes_on", "waits"] = "goes_on"
    """What a list does when one of its actions ends while the function is asked about something
    else, a digit or an update: it goes on to the next one, as the function is invoked
    asynchronously (dg/update-sip-call), or waits for the reply. Nobody ever waits for the reply to
    ACTION_INTERRUPTED. Low."""

    success_of_a_replaced_action: Literal["told", "silent"] = "told"
    """Whether an action that always tells its success does so when its list was replaced while
    it ran: by an update that could not interrupt it, or by the reply to DIGITS_RECEIVED or HANGUP.
    dg/update-sip-call only says that it finishes. Low."""

    list_after_its_leg_left: Literal["dropped", "goes_on"] = "dropped"
    """What becomes of the rest of a list when the person on the leg of the running action hangs up
    and the other leg stays: dropped, as after a failure, or it goes on. Low."""

    digits_regex: Literal["search", "fullmatch"] = "search"
    """How InputDigitsRegex is applied: found anywhere, or matching all digits. Medium."""

    regex_may_take_the_terminator: bool = True
    """Whether digits that do not match are tried again with the terminator behind them, as an
    example of dg/play-audio-get-digits needs. Medium-high."""

    barge_in: bool = True
    """Whether the first key stops the prompt of an action that collects digits. A real log has its
    success 2.0 s after a prompt with four choices was sent, which also shows that the last digit
    allowed ends it before the timer. High."""

    no_digits_is_success: Literal["after_terminator", "never", "always"] = "after_terminator"
    """Whether an attempt without any digit succeeds where the fewest are 0. Low."""

    failure_prompt_after_the_last_attempt: bool = True
    """Whether the failure prompt is also heard after the last attempt. Medium."""

    invalid_digits_message: str = "Invalid digits received."
    """ErrorMessage of InvalidDigitsReceived. Two independent programs handle that type, the text
    is not known. Low."""

    receive_digits_after_a_match: Literal["stays", "ends"] = "stays"
    """Whether a ReceiveDigits goes on listening after a match, or is used up, which may be meant by
    "after completion of a ReceiveDigits action" (dg/pstn-invocations): weak. Medium."""

    unmatched_digits: Literal["forget", "send"] = "forget"
    """What becomes of digits that match nothing when the flush timer runs out: forgotten, or
    sent in a DIGITS_RECEIVED. Medium."""

    system_exception: Literal["error_type", "error_string"] = "error_type"
    """How a SystemException of JoinChimeMeeting and StartCallRecording is told: in ErrorType and
    ErrorMessage, as the tables of dg/join-chime-meeting and dg/start-call-recording have it, or
    in one Error string, as their examples do (`ErrorJoiningMeeting: ...`,
    `NoAccessToDestination: ...`). Medium."""

    recording_out_of_turn: Literal["InvalidActionParameter", "SystemException"] = (
        "InvalidActionParameter"
    )
    """ErrorType of a second StartCallRecording on a leg, and of Stop-, Pause- and
    ResumeCallRecording where no recording runs. dg/sip-apps-call-record says once per leg, not
    what follows. Low."""

    recording_of_another_leg: Literal["fails", "taken"] = "fails"
    """What Stop-, Pause- and ResumeCallRecording do with the CallId of a leg on which no recording
    runs, while one runs on the other leg: they fail, as dg/sip-apps-call-record speaks of a leg's
    recording, or are about that one (a sample pauses on LEG-A what it started on LEG-B). Low."""

    call_recording_key: Literal["start_of_the_leg", "start_of_the_recording"] = "start_of_the_leg"
    """Whose date and time name what StartCallRecording records: the leg's, in folders of the day
    on which the call began (dg/start-call-recording), or the moment at which it starts. High."""

    record_audio_key: Literal["call_id_and_number", "moment_and_ids"] = "call_id_and_number"
    """The key of what RecordAudio records, behind its prefix: the leg's CallId and a number, as in
    `CALLID-0.wav` (a payload in a workshop's tests, and a sample that reads such keys), or moment,
    TransactionId and CallId, as call recordings are named. That it counts from 0 is a guess.
    Medium."""

    values_that_are_not_listed: Literal["refused", "taken"] = "refused"
    """What becomes of a VoiceId, a LanguageCode and any other value outside of AWS's list of them:
    Polly refuses one that it does not have (dg/speak), and lists grow: `taken` is for a value that
    is newer than the list here. High."""

    custom_sip_headers: Literal["ignored", "taken"] = "ignored"
    """What CallAndBridge makes of CustomSipHeaders: nothing, as of any parameter that its page does
    not have, or SipHeaders. A workshop of AWS's teaches it, with a value that SipHeaders would
    refuse. Medium-high."""

    voice_focus_without_call_id: Literal["invoked_leg", "fails"] = "invoked_leg"
    """What VoiceFocus without the CallId that dg/voice-focus requires does: it runs on the leg of
    the event, with advice (a published demo sends it so, as its first action), or fails with
    MissingRequiredActionParameter. Medium."""

    pause_tone_seconds: Annotated[float, Field(ge=0)] = 0.3
    """How long the tones are that a call recording captures where it was paused and resumed, in
    seconds (dg/sip-apps-call-record says that there are some). 0: none. Not documented."""

    echo_participant_tag: bool = False
    """Whether the echo of an action that named no leg also carries ParticipantTag beside CallId.
    Real logs show CallId alone. Medium."""

    meeting_leg_numbers: Literal["to_meeting", "from_meeting"] = "to_meeting"
    """`To` and `From` of the meeting leg: `To` +17035550122 and `From` SMA (dg/case-5), or the
    reverse (dg/use-cases). Undecided."""

    bye_headers_are_told: bool = True
    """Whether the custom headers of the BYE with which somebody leaves are the leg's SipHeaders in
    HANGUP and later. dg/sip-headers says that a leg shows those that it received, and not in which
    message. Low."""

    bad_reply: Literal["invalid_lambda_response", "hang_up"] = "invalid_lambda_response"
    """What follows a reply that cannot be used (except to NEW_INBOUND_CALL, which hangs up):
    INVALID_LAMBDA_RESPONSE once, then a hang-up at the second in a row; or a hang-up. Low."""

    function_error: Literal["drop", "next_target"] = "drop"
    """What a function that raises, exits or times out brings on the first event of an inbound
    call whose SIP rule has another target: the call ends with 480, or that target takes it, as
    for an invocation that cannot be made (a sample rethrows on purpose to fail over). Every other
    time the call ends with 480. Low."""

    hangup_event_after_a_drop: bool = False
    """Whether HANGUP is sent for a call that the service itself ended with 480. The event is
    documented for a leg that the other side or the function ended. Low."""

    max_invocations: Annotated[int, Field(gt=0)] = 1000
    """Invocations of one call (dg/invoke-on-call-leg); after the last the call ends with 480.
    The number is documented, the effect is not. Low."""

    interrupted_reply_stores_attributes: bool = False
    """Whether attributes in the reply to ACTION_INTERRUPTED are stored. One sample relies on it,
    which is weak. Low."""
