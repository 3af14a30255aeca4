"""What the authors of posts read of them, as it is described."""

from typing import Literal

from pydantic import Field

from app.core.fields import AnswerModel, Instant


class OwnModeration(AnswerModel):
    """The last thing that moderators did to a post, for its author alone."""

    action: str = Field(description="As in the board's public log: `hide`, `freeze`, `move` ...")
    reason: str = Field(description="A code that `/reasons` explains.")
    note: str | None = Field(description="What the moderator added, if anything.")
    at: Instant
    log_id: str = Field(description="The entry in the public log: `/mod-log/{entry}`.")
    appeal: Literal["none", "open", "upheld", "overturned"] = Field(
        description="What became of your appeal against it (`POST /mod-log/{entry}/appeals`): "
        "`upheld` means that the decision stands."
    )


class OwnFields(AnswerModel):
    """What is added to a post for its author."""

    moderation: OwnModeration | None = Field(
        default=None,
        description="Only for the author, who sends the token: the last thing that moderators did "
        "to this, if they ever did.",
    )
