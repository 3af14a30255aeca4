"""Shapes of boards. Those of their rounds are in ``round_schemas.py``."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.accounts.models import NAME_PATTERN
from app.boards.models import SLUG_PATTERN
from app.boards.round_schemas import EXAMPLE_ROUND, RoundBrief
from app.core.fields import (
    AnswerModel,
    Instant,
    InstantSent,
    Line,
    RequestModel,
    Text,
    UpdateModel,
)
from app.core.paging import Page
from app.labels.schemas import Language, Rating

Anonymity = TypeAliasType("Anonymity", Literal["required", "allowed", "off"])
Posting = TypeAliasType("Posting", Literal["open", "named", "paused"])
Screening = TypeAliasType("Screening", Literal["none", "first_posts", "links", "all"])
SecondsBy = TypeAliasType("SecondsBy", Literal["anyone", "masks", "accounts"])
ContentNotesPolicy = TypeAliasType(
    "ContentNotesPolicy", Literal["choose_not_to_warn", "encouraged", "required"]
)
Slug = Annotated[str, Field(pattern=SLUG_PATTERN)]
TrustedAccounts = Annotated[
    list[Annotated[str, Field(pattern=f"^{NAME_PATTERN}$")]], Field(max_length=100)
]
Languages = Annotated[list[Language], Field(max_length=50)]
Rules = Annotated[list[Annotated[str, Line(1000)]], Field(max_length=100)]

#: Ratings from the mildest up. What is not rated may be anything, so it counts as the highest.
SEVERITY: dict[str, int] = {"general": 0, "teen": 1, "mature": 2, "explicit": 3, "not_rated": 3}

_SETTINGS_SENT: dict[str, Any] = {"default_rating": "general", "max_rating": "teen"}
_EXAMPLE_SETTINGS: dict[str, Any] = {
    **_SETTINGS_SENT,
    "anonymity_prompts": "allowed",
    "anonymity_fills": "allowed",
    "anonymity_comments": "allowed",
    "posting": "open",
    "posting_until": None,
    "screening": "none",
    "trusted_accounts": [],
    "content_notes_policy": "choose_not_to_warn",
    "languages": [],
    "prompt_max_words": None,
    "prompts_per_day": None,
    "fill_min_words": None,
    "seconds_by": "anyone",
    "claims": False,
    "claim_days": 14,
    "show_counts": True,
    "show_faces": True,
    "close_round_at_comments": None,
}
_ANONYMITY = (
    "Whether prompts must be anonymous (`required`), may be (`allowed`), or must stand under an "
    "account's name (`off`)."
)
BOARD_EXAMPLE: dict[str, Any] = {
    "slug": "found-family",
    "name": "The Found Family Meme",
    "description": "Strangers who become kin. All fandoms, all media.",
    "rules": ["One prompt a post.", "Be kind: somebody else's cup of tea is still tea."],
    "settings": _EXAMPLE_SETTINGS,
    "moderators": [{"name": "lighthouse", "role": "owner"}],
    "current_round": EXAMPLE_ROUND,
    "prompts_count": 2,
    "fills_count": 1,
    "created_at": "2026-11-01T18:00:00Z",
    "url": "http://127.0.0.1:8000/v1/boards/found-family",
    "feeds": {
        "prompts": "http://127.0.0.1:8000/v1/boards/found-family/prompts.atom",
        "fills": "http://127.0.0.1:8000/v1/boards/found-family/fills.atom",
    },
}

_DEFAULT_RATING = "What a prompt is rated that is posted without a rating."


class _Settings(RequestModel):
    """All settings. A setting that can be switched off is null then."""

    default_rating: Rating = Field(default="general", description=_DEFAULT_RATING)
    max_rating: Rating = Field(
        default="explicit",
        description="The highest rating that prompts and fills may have here; `not_rated` needs "
        "`explicit`.",
    )
    anonymity_prompts: Anonymity = Field(default="allowed", description=_ANONYMITY)
    anonymity_fills: Anonymity = Field(default="allowed", description="As for prompts.")
    anonymity_comments: Anonymity = Field(
        default="allowed", description="As for prompts. Discussions count as comments."
    )
    posting: Posting = Field(
        default="open",
        description="Who may post: everybody (`open`), accounts under their names (`named`), or "
        "only moderators (`paused`, the emergency switch). What is one's own can be deleted at any "
        "time, and edited unless the board is paused.",
    )
    posting_until: InstantSent | None = Field(
        default=None,
        description="When `posting` is `open` again by itself, and is shown so; null: when a "
        "moderator says so.",
    )
    screening: Screening = Field(
        default="none",
        description="Which posts wait, out of sight, for a moderator: the `first_posts` of each "
        "author here (until one was released), those with `links`, `all`, or `none`. With `links` "
        "and `all`, no new link comes into what stands already, either. Moderators and "
        "`trusted_accounts` are spared. There is no list yet of what waits: a moderator releases a "
        "post by its `id` (`unscreen`), so its author has to tell it to one.",
    )
    trusted_accounts: TrustedAccounts = Field(
        default_factory=list,
        description="Names of accounts, such as a community's bots, that are spared quotas and "
        "screening. Each is the name of an account that there is, in whatever case.",
    )
    content_notes_policy: ContentNotesPolicy = Field(
        default="choose_not_to_warn",
        description="`required`: works say what their content notes are, that none apply, or that "
        "they don't warn (`notes_choice` is not `unset`); a fill that says nothing says what its "
        "prompt says. `encouraged`: the receipt of a work that leaves it open says what the board "
        "would like. `choose_not_to_warn`: everybody as they please.",
    )
    languages: Languages = Field(
        default_factory=list,
        description="Languages that works here are in; a work may leave its own unsaid. Empty: "
        "any. `en` stands for `en-GB`, too.",
    )
    prompt_max_words: int | None = Field(
        default=None, ge=1, le=5000, description="Words that a prompt may have; null: any number."
    )
    prompts_per_day: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="Prompts that a mask, an account, or whoever has neither (told apart by the "
        "network source) may post in 24 hours; null: any number.",
    )
    fill_min_words: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="Words that a fill must have, all its parts together, once it is `complete`, "
        "unless it is a link to elsewhere; null: any number.",
    )
    seconds_by: SecondsBy = Field(
        default="anyone",
        description="Who may second a prompt: `anyone`, whoever has an edit token or an account "
        "(`masks`), or `accounts` alone.",
    )
    claims: bool = Field(default=False, description="Whether prompts may be claimed.")
    claim_days: int = Field(
        default=14, ge=1, le=365, description="Days after which a claim runs out."
    )
    show_counts: bool = Field(
        default=True,
        description="Whether readers see how often a prompt was seconded and claimed. Where they "
        "don't, `seconds_count` and `claims_count` are null, and lists can't be filtered or sorted "
        "by them either.",
    )
    show_faces: bool = Field(
        default=True, description="Whether anonymous authors wear a face in each conversation."
    )
    close_round_at_comments: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="Comments after which a round is closed. A change goes for new rounds, and for "
        "those that had the old number and still are to close; one that takes prompts and has as "
        "many already closes at once. Null: with no number.",
    )


class BoardSettings(_Settings):
    """How a community wants its board. Communities disagree, so each of these is a setting."""

    default_rating: Rating = Field(description=_DEFAULT_RATING)

    @model_validator(mode="after")
    def _default_within_max(self) -> Self:
        if SEVERITY[self.default_rating] > SEVERITY[self.max_rating]:
            raise PydanticCustomError(
                "rating_above_max", "default_rating is above max_rating: nobody could use it."
            )
        return self

    @model_validator(mode="after")
    def _somebody_may_post(self) -> Self:
        wishes = (self.anonymity_prompts, self.anonymity_fills, self.anonymity_comments)
        if self.posting == "named" and "required" in wishes:
            raise PydanticCustomError(
                "named_and_anonymous",
                "posting is `named` where anonymity is `required`: nobody could post. To stop all "
                "posts, send `paused`.",
            )
        return self


class BoardSettingsUpdate(_Settings, UpdateModel):
    """The settings to change; the others stay."""


class BoardCreate(RequestModel):
    """A new board. It has round 1, in phase `prompting`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "slug": "found-family",
                    "name": "The Found Family Meme",
                    "description": "Strangers who become kin. All fandoms, all media.",
                    "rules": ["One prompt a post."],
                    "settings": _SETTINGS_SENT,
                }
            ]
        }
    )

    slug: Slug = Field(description="Its address: 1 to 40 of `a-z`, `0-9`, `-`, `_`.")
    name: Annotated[str, Line(255)]
    description: Annotated[str, Text(5000, at_least=0)] = ""
    rules: Rules = Field(default_factory=list, description="One rule an entry.")
    settings: BoardSettings


class BoardUpdate(UpdateModel):
    """What to change of a board; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"settings": {"show_faces": False}}]})

    name: Annotated[str, Line(255)] = Field(default="")
    description: Annotated[str, Text(5000, at_least=0)] = Field(default="")
    rules: Rules = Field(default_factory=list)
    settings: BoardSettingsUpdate = Field(default_factory=BoardSettingsUpdate.model_construct)


ModeratorRole = TypeAliasType("ModeratorRole", Literal["owner", "moderator"])


class ModeratorPublic(AnswerModel):
    """Somebody who keeps order on a board."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "harbourmaster", "role": "owner"}]}
    )

    name: str
    role: ModeratorRole


class ModeratorPage(Page[ModeratorPublic]):
    """All who keep order on a board."""


class ModeratorSent(RequestModel):
    """As what somebody is appointed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "moderator"}]})

    role: ModeratorRole = Field(
        description="`moderator` keeps order; `owner` appoints moderators and owners besides."
    )


class BoardFeeds(AnswerModel):
    """Where a board is followed with a feed reader (Atom)."""

    prompts: str
    fills: str


class BoardPublic(AnswerModel):
    """A board as everybody sees it."""

    model_config = ConfigDict(json_schema_extra={"examples": [BOARD_EXAMPLE]})

    slug: str
    name: str
    description: str
    rules: list[str]
    settings: BoardSettings
    moderators: list[ModeratorPublic] = Field(
        description="Who keeps order here, beside the administrators, who moderate every board. "
        "Whoever founds a board over HTTP is its owner, and appoints others."
    )
    current_round: RoundBrief
    prompts_count: int
    fills_count: int
    created_at: Instant
    url: str
    feeds: BoardFeeds


class BoardPage(Page[BoardPublic]):
    """One page of boards."""
