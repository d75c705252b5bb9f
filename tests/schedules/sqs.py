"""A queue in virtual time, as SQS is one: at least once, in no order, and hidden for a while."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Final, cast

from tests.schedules.schedule import Schedule

REQUESTS: Final = "https://sqs.us-east-1.amazonaws.com/123456789012/requests"
ARN: Final = "arn:aws:sqs:us-east-1:123456789012:requests"
VISIBLE_AGAIN_SECONDS: Final = 180.0
"""As in templates/calling-out.yaml."""
TWICE: Final = 0.03
"""How likely a message is delivered while another execution has it."""
AFTERWARDS: Final = 0.02
"""How likely one that was deleted comes once more."""


@dataclass
class Message:
    """What somebody has sent."""

    id: str
    body: str
    visible_at: float
    receives: int = 0
    is_deleted: bool = False

    def record(self) -> Mapping[str, object]:
        """As Lambda tells of it."""
        return {
            "messageId": self.id,
            "receiptHandle": self.id,
            "body": self.body,
            "attributes": {"ApproximateReceiveCount": str(self.receives)},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": ARN,
            "awsRegion": "us-east-1",
        }


@dataclass
class Letter:
    """A dead letter."""

    body: str
    error: str


@dataclass
class Queue:
    """The requests, and the dead letters."""

    schedule: Schedule
    dead: list[Letter] = field(default_factory=list[Letter])
    twice: int = 0
    """How many deliveries were one too many."""
    _held: dict[str, Message] = field(default_factory=dict[str, Message])
    _hidden: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    _visible: list[Message] = field(default_factory=list[Message])
    _copies: list[Message] = field(default_factory=list[Message])
    """Of messages that an execution has, for another one."""
    _ids: "count[int]" = field(default_factory=count)

    def __len__(self) -> int:
        return len(self._held)

    def send(self, body: str, delay: float = 0) -> str:
        """Somebody sends a message: its id."""
        message = Message(f"message-{next(self._ids)}", body, self.schedule.now() + delay)
        self._held[message.id] = message
        self._hide(message)
        return message.id

    def receive(self, most: int) -> list[Message]:
        """So many messages at most, which nobody sees for a while."""
        now, dice = self.schedule.now(), self.schedule.random
        while self._hidden and self._hidden[0][0] <= now:
            _, its_id = heapq.heappop(self._hidden)
            message = self._held.get(its_id)
            if message is not None and message.visible_at <= now:
                self._visible.append(message)
        found = [message for message in self._copies[:most] if message.id in self._held]
        del self._copies[:most]
        while self._visible and len(found) < most:
            last, any_ = len(self._visible) - 1, dice.randrange(len(self._visible))
            self._visible[last], self._visible[any_] = self._visible[any_], self._visible[last]
            message = self._visible.pop()
            if message.visible_at > now or message.id not in self._held:
                continue  # it is in the list twice
            found.append(message)
            message.receives += 1
            message.visible_at = now + VISIBLE_AGAIN_SECONDS
            self._hide(message)
            if dice.random() < TWICE:
                self.twice += 1
                self._copies.append(message)
        return found

    def delete(self, message: Message) -> None:
        """It has left the queue; now and then it comes once more all the same."""
        if self.schedule.random.random() < AFTERWARDS and not message.is_deleted:
            self.twice += 1
            message.is_deleted = True
            message.visible_at = self.schedule.now() + 300 * self.schedule.random.random()
            self._hide(message)
        else:
            self._held.pop(message.id, None)

    def asked(self, operation: str, asked: Mapping[str, object]) -> Mapping[str, object]:
        """What a client of the API is answered."""
        match operation:
            case "ChangeMessageVisibility":
                message = self._held.get(cast("str", asked["ReceiptHandle"]))
                if message is not None:
                    seconds = cast("float", asked["VisibilityTimeout"])
                    message.visible_at = self.schedule.now() + seconds
                    self._hide(message)
                return {}
            case "SendMessage" if asked["QueueUrl"] == REQUESTS:
                sent = self.send(
                    cast("str", asked["MessageBody"]), cast("int", asked["DelaySeconds"])
                )
                return {"MessageId": sent}
            case "SendMessage":
                said = cast("Mapping[str, Mapping[str, str]]", asked["MessageAttributes"])
                letter = Letter(cast("str", asked["MessageBody"]), said["error"]["StringValue"])
                self.dead.append(letter)
                return {"MessageId": f"letter-{len(self.dead)}"}
            case "SendMessageBatch":
                entries = cast("list[Mapping[str, str]]", asked["Entries"])
                sent_all = [(each["Id"], self.send(each["MessageBody"])) for each in entries]
                ids = [
                    {"Id": its, "MessageId": one, "MD5OfMessageBody": ""} for its, one in sent_all
                ]
                return {"Successful": ids, "Failed": []}
            case _:
                return {"QueueUrl": REQUESTS}

    def seconds_until_next(self) -> float:
        """How long nothing can be received, at least."""
        if self._visible or self._copies or not self._hidden:
            return 0
        return self._hidden[0][0] - self.schedule.now()

    def _hide(self, message: Message) -> None:
        heapq.heappush(self._hidden, (message.visible_at, message.id))
