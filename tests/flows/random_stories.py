"""Stories of callers who do anything at any time, and how they are played."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast, get_args, get_origin

from hypothesis import strategies as st

from offhook.actions.base import ErrorType
from offhook.emulator.testing import (
    A_CALLER,
    Answers,
    FarEnd,
    Ivr,
    Meeting,
    NeverAnswers,
    Person,
    Phone,
    PhoneCall,
    Rejects,
    Settings,
    Voicemail,
)

DESK, COLLEAGUE, OURS = "+15550100300", "+15550100301", "+15550100103"
MEETING, TOKEN = "8a1f", "ada-may-join"

Who: TypeAlias = Literal["the caller", "the desk", "the colleague"]
Pair: TypeAlias = tuple[str, ErrorType]
Step: TypeAlias = tuple[str, object]


@dataclass(frozen=True)
class Story:
    """What everybody does in a call."""

    number: str
    arguments: Mapping[str, str] | None
    """Of a call that we make; `None` for one that is made to us."""
    desk: FarEnd | None
    colleague: FarEnd | None
    callee: FarEnd | None
    """Who is at a number; `None` is a person, who does as the steps say."""
    steps: list[Step]
    settings: Settings

    @property
    def failing_hangups(self) -> int:
        """How often the service fails to hang up."""
        return sum(verb == "fails" and "Hangup" in cast("Pair", what) for verb, what in self.steps)


seconds = st.sampled_from([0.1, 0.9, 2.0, 4.5, 9.0, 21.0])
keys = st.sampled_from(["*0", "*1", "12", *"0123456789*#", "1", "1", "2", "2"])
words = st.sampled_from(["Hello?", "Would you please call me back about my bicycle?"])
far_ends = st.none() | st.one_of(
    st.builds(
        Answers,
        after=seconds,
        says=st.lists(words, max_size=2),
        hangs_up_after=st.none() | seconds,
    ),
    st.builds(Rejects, st.sampled_from([404, 480, 486, 603]), after=seconds),
    st.builds(Voicemail, after=seconds, listens=seconds),
    st.builds(Ivr, words, after=seconds),
    st.just(NeverAnswers()),
)
numbers = st.sampled_from([DESK, COLLEAGUE, OURS, "", "12"])
tokens = st.sampled_from([TOKEN, TOKEN, "wrong", ""])
meetings = st.sampled_from([MEETING, MEETING, "another", ""])
decisions: st.SearchStrategy[dict[str, str]] = st.one_of(
    numbers.map(lambda number: {"what": "transfer", "number": number}),
    st.tuples(tokens, meetings).map(
        lambda to: {"what": "admit", "join_token": to[0], "meeting_id": to[1]}
    ),
    st.just({"what": "end"}),
    st.dictionaries(st.sampled_from(["what", "name", "offhook"]), st.text(max_size=5)),
)
failures = st.tuples(
    st.sampled_from(
        [
            *("Speak", "SpeakAndGetDigits", "PlayAudio", "Pause", "ReceiveDigits", "Hangup"),
            *("CallAndBridge", "JoinChimeMeeting", "RecordAudio", "StartCallRecording"),
        ]
    ),
    st.sampled_from(["SystemException", "InvalidActionParameter"]),
)
somebody: st.SearchStrategy[Who] = st.sampled_from(["the desk", "the colleague"])
steps = st.one_of(
    st.tuples(st.just("waits"), seconds),
    st.tuples(st.just("presses"), keys),
    st.tuples(st.just("says"), words),
    st.tuples(st.just("updates"), decisions),
    st.tuples(st.just("answers"), somebody),
    st.tuples(st.just("declines"), somebody),
    st.tuples(st.just("hangs up"), somebody | st.just("the caller")),
    st.tuples(st.just("fails"), failures),
    st.tuples(st.just("the meeting ends"), st.none()),
)
services = st.fixed_dictionaries(
    {
        name: st.booleans()
        if field.annotation is bool
        else st.sampled_from(get_args(field.annotation))
        for name, field in Settings.model_fields.items()
        if field.annotation is bool or get_origin(field.annotation) is Literal
    }
).map(Settings.model_validate)


def stories(number: str, arguments: Mapping[str, str] | None = None) -> st.SearchStrategy[Story]:
    """Stories of calls to one of our numbers; with arguments, of calls that we make from it."""
    return st.builds(
        Story,
        number=st.just(number),
        arguments=st.just(arguments),
        desk=far_ends,
        colleague=far_ends,
        callee=far_ends,
        steps=st.lists(steps, max_size=10),
        settings=services,
    )


class Stage:
    """A story while it is played."""

    def __init__(self, phone: Phone, story: Story) -> None:
        self.phone = phone
        self.meeting: Meeting = phone.meeting(MEETING, {TOKEN: "ada"})
        self.people: dict[str, Person] = {}
        for name, number, far_end in (
            ("the desk", DESK, story.desk),
            ("the colleague", COLLEAGUE, story.colleague),
        ):
            if far_end is None:
                self.people[name] = phone.person(number)
            else:
                phone.at(number, far_end)
        if story.callee is not None:
            phone.at(A_CALLER, story.callee)
        if story.arguments is None:
            self.call: PhoneCall = phone.dials(story.number)
        else:
            self.call = phone.rings(from_=story.number, arguments=story.arguments)
            if story.callee is None:
                self.call.answers(after=1)

        self.call.waits(0)

    def play(self, verb: str, what: object) -> None:
        """One step, where it is possible."""
        call = self.call
        person = self.people.get(str(what))
        match verb:
            case "waits":
                call.waits(cast("float", what))
            case "presses":
                for key in str(what):
                    if call.is_connected:
                        call.presses(key)
            case "says" if call.is_connected:
                call.says(str(what))
            case "updates" if not call.is_over:
                call.updates(**cast("dict[str, str]", what))
            case "answers" | "declines" if person is not None and person.is_ringing:
                person.answers() if verb == "answers" else person.declines()
            case "hangs up" if what == "the caller":
                self.leaves()
            case "hangs up" if person is not None and person.is_connected:
                person.hangs_up()
            case "fails":
                action, error_type = cast("Pair", what)
                self.phone.fails(action, error_type, "At random.")
            case "the meeting ends":
                self.meeting.end()
                call.waits(0)
            case _:
                pass

    def leaves(self) -> None:
        """The person on LEG-A hangs up, if they are there."""
        if self.call.is_connected:
            self.call.hangs_up()
