"""The front desk: which rooms take part in the contract, and in which order they are asked.

Matching is linear, so rooms whose pages are read most come first.
"""

from fastapi import APIRouter, FastAPI

from app.appeals import routes as appeals
from app.authors import routes as authors
from app.boards import keeper_routes as keepers
from app.boards import round_routes as rounds
from app.boards import routes as boards
from app.boards.banning import BANS
from app.boards.keeping import RECORDS
from app.claims import routes as claims
from app.comments import routes as comments
from app.comments import writing_routes as writing
from app.comments.queries import visible_by as comments_by
from app.core import front, health, metrics, problems
from app.discussions import routes as discussions
from app.discussions.queries import visible_by as discussions_by
from app.downloads import routes as downloads
from app.events import routes as events
from app.feeds import routes as feeds
from app.fills import part_routes as parts
from app.fills import routes as fills
from app.fills import version_routes as versions
from app.fills.queries import visible_by as fills_by
from app.filters import routes as filters
from app.guides import routes as guides
from app.identity import account_routes as accounts
from app.identity import feed_routes as feed_tokens
from app.identity import routes as identity
from app.identity import token_routes as tokens
from app.mine import routes as mine
from app.moderation import routes as moderation
from app.moderation.acted import ACTED
from app.moderation.bans import find_ban
from app.moderation.service import last_decision, record_keeping
from app.prompts import routes as prompts
from app.prompts.embeds import EMBEDS
from app.prompts.queries import visible_by as prompts_by
from app.queue import routes as queue
from app.reports import routes as reports
from app.reports.deciding import close_reports
from app.search import routes as search
from app.seconds import routes as seconds
from app.tags import routes as tags
from app.threads.decisions import DECISIONS
from app.threads.screening import VISIBLE_BY
from app.webhooks import described
from app.webhooks import routes as webhooks

ROOMS: tuple[APIRouter, ...] = (
    comments.router,
    writing.router,
    prompts.router,
    fills.router,
    parts.router,
    downloads.router,
    events.router,
    feeds.router,
    search.router,
    seconds.router,
    claims.router,
    discussions.router,
    boards.router,
    rounds.router,
    keepers.router,
    tags.router,
    identity.router,
    accounts.router,
    tokens.router,
    feed_tokens.router,
    filters.router,
    versions.router,
    moderation.router,
    authors.router,
    reports.router,
    appeals.router,
    queue.router,
    mine.router,
    webhooks.router,
)
#: Beside the contract: health, figures, explanations of problems, guides, the page at the root.
SIDE_DOORS: tuple[APIRouter, ...] = (
    health.router,
    metrics.router,
    problems.router,
    guides.router,
    front.router,
)

#: The headings of the documentation, in reading order.
TAGS = [
    {
        "name": "Boards",
        "description": "A board is one kink meme: a community with rules, settings and moderators, "
        "whose life is divided into rounds.",
    },
    {
        "name": "Prompts",
        "description": "A prompt asks for a fan work: a pairing, an idea, a wish. Anybody may post "
        "one, and nobody needs an account.",
    },
    {
        "name": "Seconds",
        "description": 'To second a prompt is to say "+1, I want this too". Seconds are counted, '
        "and nobody sees whose they are.",
    },
    {
        "name": "Claims",
        "description": 'A claim says "I am writing this", on boards that want claims. It keeps '
        "nobody else from writing, and runs out unless it is renewed.",
    },
    {
        "name": "Fills",
        "description": "A fill answers a prompt with a work: a story, often in many parts over "
        "weeks, or a link to art, a podfic, a vid. A prompt may have many.",
    },
    {
        "name": "Comments",
        "description": "Threaded talk below prompts and fills and in discussions, as flat lists in "
        "reading order.",
    },
    {
        "name": "Discussions",
        "description": "Threads of a board that belong to no prompt: talk, questions to the "
        "moderators, announcements, people looking for friends. They stand in no round, and are "
        "not rated.",
    },
    {
        "name": "Search",
        "description": "Finding prompts and fills by their words, and counting what a list holds. "
        "[How filters go together](/docs/guides/finding).",
    },
    {
        "name": "Events",
        "description": "What happens on a board, in one order for all: as pages to be read from "
        "where you were, and live. For bots, mirrors and readers that stay up to date. "
        "[How to miss nothing](/docs/guides/events).",
    },
    {"name": "Webhooks", "description": described.HEADING},
    {
        "name": "Feeds",
        "description": "What is new, for feed readers (Atom): on a board, in a story, in a thread; "
        "and, under an address that only you know, what others said to you.",
    },
    {
        "name": "Tags",
        "description": "The vocabulary that all boards share, and what each board's moderators "
        "make of it: synonyms, and characters that belong to fandoms.",
    },
    {
        "name": "Moderation",
        "description": "What moderators do to posts, for which reasons, and the public log of it.",
    },
    {
        "name": "Identity",
        "description": "Masks and edit tokens: how somebody without an account shows that a post "
        "is theirs. [Who you are](/docs/guides/identity).",
    },
    {
        "name": "Yours",
        "description": "All that a token owns on one page, what others said to it, a copy of it, "
        "and its end.",
    },
    {
        "name": "Reports",
        "description": "Anybody says that something is wrong, without an account and without being "
        "known, and reads what came of it.",
    },
    {
        "name": "Authors",
        "description": "Under whose name a post stands: putting yours under what you posted behind "
        "a mask, taking it off again, and leaving a post without an author.",
    },
    {
        "name": "Accounts",
        "description": "For those who want a name: to sign what they write, to keep a board, to "
        "run a bot. Nobody needs one to post.",
    },
    {
        "name": "Tokens",
        "description": "Second devices, tokens that have leaked, and API keys for bots. A token "
        "that is revoked stops at once.",
    },
]


def open_doors(app: FastAPI) -> None:
    """Mount every room, tell prompts who brings fills along, boards who is banned, and threads who
    has posted and what moderators decided.
    """
    for router in (*ROOMS, *SIDE_DOORS):
        # Routes are put side by side, not nested: each level of nesting costs every request time.
        app.router.routes.extend(router.routes)
    app.webhooks.routes.extend(described.SENT)
    EMBEDS["fills"] = fills.embed_fills
    VISIBLE_BY[:] = (comments_by, fills_by, prompts_by, discussions_by)
    DECISIONS[:] = [last_decision]
    BANS[:] = [find_ban]
    RECORDS[:] = [record_keeping]
    ACTED[:] = [close_reports]
