"""What may be asked of a list of works: the filters and orders that prompts and fills share."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from fastapi import Query
from pydantic import Field
from sqlalchemy import Column, ColumnElement, func, or_, select
from typing_extensions import TypeAliasType

from app.accounts.models import ACCOUNT, NAME_PATTERN
from app.boards.models import ROUND
from app.core.errors import invalid
from app.core.fields import InstantSent, SmallNumber
from app.core.tables import Columns
from app.index.asked import Asked, read_query
from app.kit.ids import PATTERN
from app.labels.access import AdultAsked
from app.labels.names import TagKey, tag_key
from app.labels.reading import KINDS, is_adult
from app.labels.schemas import MAX_OF_A_KIND, Language, Medium, Rating, TagName
from app.threads.models import ThreadKind

WorkSort = TypeAliasType(
    "WorkSort",
    Literal["newest", "oldest", "most_seconded", "recently_filled", "active", "relevance"],
)
ClaimState = TypeAliasType("ClaimState", Literal["none", "active", "expired"])

TagsAsked = Annotated[tuple[TagName, ...], Field(max_length=MAX_OF_A_KIND)]
#: The filters by what boards may keep to themselves.
_COUNTS = ("min_seconds", "max_seconds", "claim")
WorkId = Annotated[str, Field(pattern=PATTERN)]


def _with(what: str) -> Any:
    return Query(description=f"Only with this {what}; repeated: with all of them.")


def _without(what: str) -> Any:
    return Query(description=f"Only without this {what}; repeated: without any of them.")


#: What is looked for in words.
WORDS = Query(
    max_length=500,
    description="Words to be found in title, text, summary or tags, all of them; "
    '`"a phrase"`, `-without`, `this or that`. Any text is a valid question; of very long ones the '
    "first 16 words and phrases count, with 64 words in all (characters, in a script without "
    "spaces).",
)


@dataclass(kw_only=True)
class LabelsAsked:
    """The filters that any question for works takes: by what works say of themselves, by whom they
    are, and from when.
    """

    rating: Annotated[
        tuple[Rating, ...], Query(description="Only of this rating; repeated: of any of them.")
    ] = ()
    medium: Annotated[
        tuple[Medium, ...],
        Query(
            description="Only of this medium (of prompts: where it is named among the mediums that "
            "are hoped for); repeated: of any of them."
        ),
    ] = ()
    language: Annotated[
        tuple[Language, ...],
        Query(
            description="Only in this language, whatever its region (`pt` finds `pt-BR`); "
            "repeated: in any of them."
        ),
    ] = ()
    fandom: Annotated[TagsAsked, _with("fandom")] = ()
    character: Annotated[TagsAsked, _with("character")] = ()
    relationship: Annotated[
        TagsAsked, _with("relationship, whatever the order of its members")
    ] = ()
    tag: Annotated[TagsAsked, _with("tag")] = ()
    content_note: Annotated[TagsAsked, _with("content note")] = ()
    not_fandom: Annotated[TagsAsked, _without("fandom")] = ()
    not_character: Annotated[TagsAsked, _without("character")] = ()
    not_relationship: Annotated[TagsAsked, _without("relationship")] = ()
    not_tag: Annotated[TagsAsked, _without("tag")] = ()
    not_content_note: Annotated[TagsAsked, _without("content note")] = ()
    author: Annotated[
        str | None,
        Query(
            pattern=f"^{NAME_PATTERN}$",
            description="Only by this account, where it shows its name.",
        ),
    ] = None
    created_after: Annotated[InstantSent | None, Query(description="Only posted later.")] = None
    created_before: Annotated[InstantSent | None, Query(description="Only posted earlier.")] = None

    def tags(self, prefix: str = "") -> list[TagKey]:
        """Kind and key of all tags that were asked for, or with ``not_`` of those that were not
        wanted.
        """
        return [
            tag_key(kind, name) for kind in KINDS.values() for name in getattr(self, prefix + kind)
        ]

    @property
    def may_be_adult(self) -> bool:
        """Whether any work of the ratings that were asked for is adult."""
        return not self.rating or any(map(is_adult, self.rating))

    def label_conditions(self, works: Columns) -> list[ColumnElement[bool]]:
        """The conditions on a row of works, all but those about tags and mediums."""
        found = one_or_any(works.rating, self.rating)
        if self.language:
            found.append(or_(*(_speaks(works.language, tag) for tag in self.language)))
        if self.author is not None:
            found += _signed_by(works, self.author)
        if self.created_after is not None:
            found.append(works.created_at > self.created_after)
        if self.created_before is not None:
            found.append(works.created_at < self.created_before)
        return found


@dataclass(kw_only=True)
class WorksAsked(LabelsAsked):
    """The filters and orders that lists of prompts and lists of fills share.

    A kind of work says in ``works`` which columns are listed, in ``kind`` at the head of which
    threads it stands, and in ``filled_at`` when a work counts as filled.
    """

    works: ClassVar[Columns]
    kind: ClassVar[ThreadKind]
    filled_at: ClassVar[Column[Any]]
    #: Orders that no index of the works has.
    orders_without_index: ClassVar[tuple[str, ...]] = ("relevance",)
    #: For each order the filters of which an index holds one beside it, with one value.
    indexed: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    round: Annotated[
        tuple[SmallNumber, ...], Query(description="Only of this round; repeated: of any of them.")
    ] = ()
    q: Annotated[str | None, WORDS] = None
    id: Annotated[
        tuple[WorkId, ...],
        Field(max_length=100),
        Query(description="Only these, by id; up to 100."),
    ] = ()
    active_after: Annotated[
        InstantSent | None, Query(description="Only where something was posted later.")
    ] = None
    min_seconds: Annotated[
        SmallNumber | None,
        Query(description="Only where so many or more seconded the prompt."),
    ] = None
    max_seconds: Annotated[
        SmallNumber | None,
        Query(description="Only where so many or fewer seconded the prompt; 0: nobody did."),
    ] = None
    claim: Annotated[
        ClaimState | None,
        Query(
            description="Only where the prompt has no claim (`none`), one that stands (`active`), "
            "or only such as ran out (`expired`)."
        ),
    ] = None
    sort: Annotated[
        WorkSort,
        Query(
            description="`newest` and `oldest` by creation; `active`: where something was posted "
            "last; `recently_filled`: what was filled last (what never was is left out); "
            "`most_seconded`: the prompt that most want; `relevance`, with `q`: found in the "
            "title, then in tags or summary, then in the text. Of equals the newest comes first. "
            "What moves while you page may be missed."
        ),
    ] = "newest"
    adult: AdultAsked = False

    def search(self) -> Asked | None:
        """The question in ``q``.

        :raises Invalid: it was left out, and the order needs one.
        """
        if self.q is None:
            if self.sort == "relevance":
                message = "Only with q is anything more relevant than something else."
                raise invalid("query", "/sort", "needs_q", message)
            return None
        return read_query(self.q)

    @property
    def used(self) -> list[str]:
        """The names of the filters that were used."""
        return [
            each.name
            for each in fields(self)
            if each.name not in ("sort", "adult") and getattr(self, each.name) not in ((), None)
        ]

    @property
    def is_held_by_index(self) -> bool:
        """Whether an index holds all that was asked for, so that no row is looked at in vain."""
        if not self.used:
            return True
        (name, *others) = self.used
        value = getattr(self, name)
        is_one = len(value) == 1 if isinstance(value, tuple) else not value or name == "author"
        return not others and is_one and name in self.indexed.get(self.sort, ())

    @property
    def asks_for_counts(self) -> str | None:
        """The parameter that asks how often a prompt was seconded or claimed, if there is one."""
        if self.sort == "most_seconded":
            return "sort"
        return next(
            (name for name in _COUNTS if getattr(self, name) is not None),
            None,
        )

    def conditions(self, board_id: int, moment: datetime) -> list[ColumnElement[bool]]:
        """The conditions on a row of works and its prompt, all but those about tags and words."""
        return [
            *self.label_conditions(self.works),
            *self.own_conditions(),
            *self._about_place(board_id),
            *self._about_prompt(moment),
        ]

    def by_author(self) -> list[ColumnElement[bool]]:
        """The condition that a work shows the author's name that was asked for."""
        return [] if self.author is None else _signed_by(self.works, self.author)

    def own_conditions(self) -> list[ColumnElement[bool]]:
        """Those that a kind of work has by itself."""
        return []

    def _about_place(self, board_id: int) -> list[ColumnElement[bool]]:
        works = self.works
        found = []
        if self.round:
            rounds = select(ROUND.id).where(
                ROUND.board_id == board_id, ROUND.number.in_(self.round)
            )
            found.append(
                works.round_id == rounds.scalar_subquery()
                if len(self.round) == 1
                else works.round_id.in_(rounds)
            )
        if self.id:
            found.append(works.public_id.in_(self.id))
        if self.active_after is not None:
            found.append(works.last_activity_at > self.active_after)
        if self.sort == "recently_filled":
            found.append(self.filled_at.is_not(None))
        return found

    def _about_prompt(self, moment: datetime) -> list[ColumnElement[bool]]:
        """Conditions on the prompt that is listed, or that a listed fill answers."""
        found = []
        seconds, claimed_until = self.prompt_columns()
        if self.min_seconds:
            found.append(seconds >= self.min_seconds)
        if self.max_seconds is not None:
            # Nobody seconds less than never: an equality is what an index can begin with.
            found.append(seconds <= self.max_seconds if self.max_seconds else seconds == 0)
        if self.claim == "none":
            found.append(claimed_until.is_(None))
        elif self.claim == "active":
            found.append(claimed_until > moment)
        elif self.claim == "expired":
            found.append(claimed_until <= moment)
        return found

    def prompt_columns(self) -> tuple[ColumnElement[int], ColumnElement[Any]]:
        """How often the prompt was seconded, and when the last claim on it runs out."""
        raise NotImplementedError


def one_or_any(column: ColumnElement[Any], values: tuple[Any, ...]) -> list[ColumnElement[bool]]:
    """The condition that a column has one of some values; none where there are none."""
    if not values:
        return []
    # An equality is what an index can begin with.
    return [column == values[0] if len(values) == 1 else column.in_(values)]


def _speaks(column: ColumnElement[Any], language: str) -> ColumnElement[bool]:
    """Basic filtering of language tags (RFC 4647, 3.3.1)."""
    lowered, asked = func.lower(column), language.lower()
    return or_(lowered == asked, lowered.like(f"{asked}-%"))


def _signed_by(works: Columns, name: str) -> list[ColumnElement[bool]]:
    account = select(ACCOUNT.id).where(ACCOUNT.name_key == name.lower()).scalar_subquery()
    # The index of what is named is only used where the statement says that it is.
    return [works.account_id.is_not(None), works.account_id == account]
