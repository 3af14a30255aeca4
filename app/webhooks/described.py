"""What is sent to webhooks, as the description tells of it."""

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from app.boards.round_schemas import RoundPublic
from app.boards.schemas import BOARD_EXAMPLE, BoardPublic
from app.comments.schemas import COMMENT_EXAMPLE, CommentPublic
from app.core.fields import AnswerModel, Instant
from app.discussions.schemas import DISCUSSION_EXAMPLE, DiscussionPublic
from app.events.schemas import OutOfSight
from app.fills.schemas import FILL_EXAMPLE, FillPublic, PartListed
from app.outbox.models import EventType
from app.prompts.schemas import PROMPT_EXAMPLE, PromptPublic
from app.webhooks.service import PING

#: The text of the heading under which the documentation lists webhooks.
HEADING = """\
The service tells you what happens on a board: it POSTs each event to an address of yours, soon
after it happened. For bots, chats and mirrors that have an address of their own; whoever has none
reads the same events under "Events". `/v1/boards/{board}/webhooks` makes a webhook, and the part
"webhooks" of this description tells of each type of event what is sent.

**What arrives** is a POST after [Standard Webhooks](https://www.standardwebhooks.com) 1.0:

```http
POST /fillboard HTTP/1.1
Content-Type: application/json
webhook-id: 7h3k9m2p5q8r1s4t
webhook-timestamp: 1796148001
webhook-signature: v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=

{"id": "7h3k9m2p5q8r1s4t", "type": "fill.created", "timestamp": "2026-12-01T18:00:00Z",
 "board": "found-family", "data": {"fill": {"id": "4k7t9x2m0p3r8s1w", "title": "Step one", ...}}}
```

`data` shows what the event is about as everybody may see it when it is sent: three fields (`id`,
`type`, `state`) if it went out of sight meanwhile. Texts of parts are not in it; follow the `url`.

**Know that it is genuine.** Anybody can POST to your address. Each delivery is signed with the
`secret` that was shown when the webhook was made; take nothing that does not verify. There are
[libraries](https://github.com/standard-webhooks/standard-webhooks) for many languages:

```python
from standardwebhooks import Webhook

event = Webhook("whsec_...").verify(body, headers)     # raises, if it is forged or too old
```

By hand: take the bytes of the body as they came, and refuse a `webhook-timestamp` (seconds since
1970) that is more than five minutes off, or somebody could send you again what they overheard. The
key is the secret without `whsec_`, decoded from base 64. The signature is `v1,` and, in base 64,
the HMAC-SHA256 of `webhook-id`, `webhook-timestamp` and the body, joined by full stops:

```python
key = base64.b64decode(secret.removeprefix("whsec_"))
signed = f"{webhook_id}.{webhook_timestamp}.".encode() + body
expected = "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
good = any(hmac.compare_digest(expected, each) for each in webhook_signature.split(" "))
```

`webhook-signature` holds several, separated by spaces, for a day after the secret was changed
(`POST .../secrets`); one that verifies is enough.

**Answer 2xx** within 15 seconds, best at once, and do the work afterwards. Nothing else of your
answer is read; redirects are not followed. What was not taken is sent again after 5 seconds, 5 and
30 minutes, 2, 5, 10, 14, 20 and 24 hours, or a little later, and not before `Retry-After`. **410**
says that you want nothing more, and disables the webhook; so does a delivery that was tried in vain
for three days, if nothing else has arrived meanwhile.

**Each event arrives at least once.** It may arrive twice, always with the same `webhook-id`:
remember those of the last days, and pass by what you know. It may also arrive after a later one;
whoever needs the order reads `GET .../events`. What you have missed is sent once more if you ask
for it (`POST .../replays`), and `POST .../pings` tries everything out. `GET .../deliveries` tells
what became of each delivery.

**Where it may lead.** Only to hosts that everybody can reach. What the host's name stands for is
looked up each time, and nothing is sent if it stands for an address inside somebody's network. On
a service of your own `FILLBOARD_WEBHOOK_ALLOW_LOCAL=true` lets you try it out on your machine."""


def _example(type_: str, data: dict[str, Any]) -> Any:
    told = {"id": "7h3k9m2p5q8r1s4t", "timestamp": "2026-12-01T18:00:00Z"}
    return ConfigDict(
        json_schema_extra={
            "examples": [{**told, "type": type_, "board": "found-family", "data": data}]
        }
    )


class _Sent(AnswerModel):
    id: str = Field(description="The event's `id`, also in `webhook-id`; equal over all attempts.")
    timestamp: Instant = Field(
        description="When it happened: the event's `created_at`. `webhook-timestamp` says when it "
        "was sent."
    )
    board: str = Field(description="The board's `slug`.")


class PromptAsData(AnswerModel):
    """A prompt to which something happened."""

    prompt: PromptPublic | OutOfSight


class PromptEventSent(_Sent):
    """Something happened to a prompt."""

    model_config = _example("prompt.created", {"prompt": PROMPT_EXAMPLE})

    type: EventType
    data: PromptAsData


class FillAsData(AnswerModel):
    """A fill to which something happened."""

    fill: FillPublic | OutOfSight
    part: PartListed | None = Field(
        default=None,
        description="With `fill.part_added` and `fill.part_updated`: the part, without its text. "
        "Null if it is gone.",
    )


class FillEventSent(_Sent):
    """Something happened to a fill."""

    model_config = _example("fill.created", {"fill": FILL_EXAMPLE})

    type: EventType
    data: FillAsData


class CommentAsData(AnswerModel):
    """A comment to which something happened."""

    comment: CommentPublic | OutOfSight


class CommentEventSent(_Sent):
    """Something happened to a comment."""

    model_config = _example("comment.created", {"comment": COMMENT_EXAMPLE})

    type: EventType
    data: CommentAsData


class DiscussionAsData(AnswerModel):
    """A discussion to which something happened."""

    discussion: DiscussionPublic | OutOfSight


class DiscussionEventSent(_Sent):
    """Something happened to a discussion."""

    model_config = _example("discussion.created", {"discussion": DISCUSSION_EXAMPLE})

    type: EventType
    data: DiscussionAsData


class RoundAsData(AnswerModel):
    """A round to which something happened."""

    round: RoundPublic


class RoundEventSent(_Sent):
    """Something happened to a round."""

    type: EventType
    data: RoundAsData


class BoardAsData(AnswerModel):
    """A board to which something happened."""

    board: BoardPublic


class BoardEventSent(_Sent):
    """Something happened to the board."""

    model_config = _example("board.updated", {"board": BOARD_EXAMPLE})

    type: EventType
    data: BoardAsData


class WebhookNamed(AnswerModel):
    """The webhook that a ping goes to."""

    id: str


class WebhookAsData(AnswerModel):
    """What a ping tells of."""

    webhook: WebhookNamed


class PingSent(_Sent):
    """Somebody tries the webhook out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0p9o8i7u6y5t4r3e",
                    "type": PING,
                    "timestamp": "2026-12-01T18:00:00Z",
                    "board": "found-family",
                    "data": {"webhook": {"id": "3n6b9v2c5x8z1m4k"}},
                }
            ]
        }
    )

    type: Literal["webhook.ping"]
    data: WebhookAsData


_SHAPES: dict[str, type[_Sent]] = {
    "prompt": PromptEventSent,
    "fill": FillEventSent,
    "comment": CommentEventSent,
    "discussion": DiscussionEventSent,
    "round": RoundEventSent,
    "board": BoardEventSent,
}
_HAPPENED = {
    "created": "A {kind} can be seen for the first time: it was posted, or released.",
    "updated": "A {kind} was changed, by its author or by a moderator.",
    "withdrawn": "A {kind} went out of sight, with all that is below it. Forget what you know of "
    "it; it may come back.",
    "restored": "A {kind} that was out of sight is back, with what is below it.",
    "deleted": "A {kind} was deleted by its author, for good. Forget what you know of it.",
    "part_added": "A fill has another part.",
    "part_updated": "A part of a fill was changed.",
    "completed": "A fill is finished.",
    "revealed": "A fill shows its author's name from now on.",
    "moved": "A comment was moved elsewhere: `moved_to` says where.",
    "phase_changed": "A round opened or closed.",
    "swept": "Many posts were dealt with at once, and the event names none of them. Whoever keeps "
    "copies looks which of them are still there.",
}


def _describe(router: APIRouter, type_: str, shape: type[_Sent], says: str) -> None:
    """Add what is sent with a type of event. A route tells what it answers in the shape in which
    the service writes things, so it is described as an answer first
    (``app/core/description/webhooks.py``).
    """

    async def sent() -> None:
        """Never called: the service sends it, and others receive it."""

    router.add_api_route(
        type_,
        sent,
        methods=["POST"],
        response_model=shape,
        operation_id=f"receive_{type_.replace('.', '_')}",
        summary=type_,
        description=says,
        tags=["Webhooks"],
    )


def _described() -> APIRouter:
    router = APIRouter()
    for each in EventType:
        kind, _, what = each.value.partition(".")
        _describe(router, each.value, _SHAPES[kind], _HAPPENED[what].format(kind=kind))
    _describe(router, PING, PingSent, "Somebody tries the webhook out (`POST .../pings`).")
    return router


#: The types of events, each with what is sent.
SENT: Any = _described().routes
