"""Every table of every room, for whoever needs all of them at once: migrations and their tests."""

from sqlmodel import SQLModel

from app.accounts import models as accounts
from app.appeals import models as appeals
from app.boards import models as boards
from app.claims import models as claims
from app.comments import models as comments
from app.core.replays import models as replays
from app.discussions import models as discussions
from app.fills import models as fills
from app.filters import models as filters
from app.identity import models as identity
from app.index import models as index
from app.moderation import models as moderation
from app.outbox import models as outbox
from app.prompts import models as prompts
from app.reports import models as reports
from app.seconds import models as seconds
from app.tags import models as tags
from app.threads import models as threads
from app.webhooks import models as webhooks

__all__ = [
    "METADATA",
    "accounts",
    "appeals",
    "boards",
    "claims",
    "comments",
    "discussions",
    "fills",
    "filters",
    "identity",
    "index",
    "moderation",
    "outbox",
    "prompts",
    "replays",
    "reports",
    "seconds",
    "tags",
    "threads",
    "webhooks",
]

METADATA = SQLModel.metadata
