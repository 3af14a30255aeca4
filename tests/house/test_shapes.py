"""The shapes that clients rely on have all their fields."""

import pytest

from app.boards.round_schemas import RoundPublic
from app.boards.schemas import BoardPublic
from app.claims.schemas import ClaimPublic
from app.comments.schemas import CommentPublic
from app.core.fields import AnswerModel
from app.discussions.schemas import DiscussionPublic
from app.fills.schemas import FillPublic, PartListed, PartPublic
from app.identity.schemas import AuthorPublic
from app.moderation.schemas import LogEntryPublic
from app.prompts.schemas import PromptPublic
from app.seconds.schemas import SecondPublic
from app.threads.schemas import OwnModeration

LABELS = "fandoms characters relationships tags content_notes notes_choice rating language"
SHAPES: dict[type[AnswerModel], str] = {
    BoardPublic: "slug name description rules settings moderators current_round prompts_count "
    "fills_count created_at url",
    RoundPublic: "number title phase opens_at closes_at closes_at_comments prompts_count "
    "fills_count comments_count",
    PromptPublic: f"id number board round title body body_html {LABELS} mediums do_not_want status "
    "state is_frozen seconds_count claims_count fills_count comments_count latest_seq "
    "last_activity_at last_filled_at author created_at edited_at url",
    SecondPublic: "is_seconded seconds_count",
    ClaimPublic: "id prompt created_at expires_at is_active is_yours",
    FillPublic: f"id prompt title summary medium {LABELS} status state is_frozen external_url "
    "parts_count parts_expected words_count comments_count latest_seq last_activity_at author "
    "created_at updated_at url parts downloads",
    PartListed: "id number title words_count posted_at url",
    PartPublic: "id number title body body_html content_notes words_count posted_at edited_at "
    "prev_url next_url",
    CommentPublic: "id seq parent_id depth body body_html part_number thread author state "
    "is_frozen moved_to replies_count more_url created_at edited_at url",
    DiscussionPublic: "id board kind title body body_html is_pinned is_closed state is_frozen "
    "comments_count latest_seq last_activity_at author created_at edited_at url",
    LogEntryPublic: "id action reason note target count by created_at appeal",
    OwnModeration: "action reason note at log_id",
    AuthorPublic: "kind name face is_op is_filler is_moderator",
}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_shape_has_every_field_that_clients_rely_on(shape: type[AnswerModel]) -> None:
    assert set(SHAPES[shape].split()) <= set(shape.model_fields)
