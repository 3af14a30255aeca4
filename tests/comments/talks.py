"""Threads put into the database at once, and what pages of them should show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fastapi import FastAPI
from sqlalchemy import select

from app.comments.bulk import Said, Talk, put_talks
from app.kit.clock import now
from app.prompts.models import PROMPT
from tests.people import JSON


async def put_talk(service: FastAPI, prompt: JSON, answers: Sequence[int | None]) -> None:
    """Have a comment said on a prompt for each of some answers: the place of an earlier one, or
    ``None`` for one that begins anew. Each says its own place.
    """
    moment = now()
    async with service.state.site.database.writing() as session:
        row = await session.first(select(*PROMPT).where(PROMPT.public_id == prompt["id"]))
        said = [
            Said(str(place), f"<p>{place}</p>\n", moment, row.mask_id, reply_to=answer)
            for place, answer in enumerate(answers)
        ]
        talk = Talk(row.thread_id, row.board_id, row.round_id, row.id, None, said)
        await put_talks(session, [talk])


@dataclass
class Expected:
    """What pages of a thread should show, worked out of all its comments as a tree."""

    comments: Sequence[JSON]
    replies: dict[str | None, list[JSON]] = field(default_factory=dict)
    by_id: dict[str | None, JSON] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for each in sorted(self.comments, key=lambda comment: comment["seq"]):
            self.replies.setdefault(each["parent_id"], []).append(each)
            self.by_id[each["id"]] = each

    def listed(
        self,
        top: JSON | None = None,
        *,
        depth: int | None = None,
        replies: int | None = None,
        since: int = 0,
    ) -> list[str]:
        """The ids that a page without end would show, in reading order."""
        begun = self.replies.get(None, []) if top is None else [top]
        waiting = begun[::-1]
        ids = []
        while waiting:
            each = waiting.pop()
            if each["seq"] > since:
                ids.append(each["id"])
            below = self.replies.get(each["id"], [])[:replies]
            waiting += [one for one in reversed(below) if depth is None or one["depth"] <= depth]
        return ids

    def above(self, comment: JSON) -> list[str]:
        """The ids of what a comment stands below, the nearest last."""
        return [each["id"] for each in self._upward(comment)][::-1]

    def _upward(self, comment: JSON) -> Iterator[JSON]:
        while comment["parent_id"] is not None:
            comment = self.by_id[comment["parent_id"]]
            yield comment
