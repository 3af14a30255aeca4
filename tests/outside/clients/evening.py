"""An evening on the board, through a client that openapi-python-client makes.

Its one argument is where the service is. Its last line is JSON: what the test looks at.
"""

# ruff: noqa: INP001 -- a script, which is copied to where its client is.

import json
import sys
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from fillboard_client import AuthenticatedClient, Client
from fillboard_client.api.comments import comment_on_fill, list_fill_comments
from fillboard_client.api.feeds import make_feed_token, read_private_feed
from fillboard_client.api.fills import add_part, delete_fill, edit_fill, edit_part, post_fill
from fillboard_client.api.fills import read_part as read_part_of
from fillboard_client.api.prompts import post_prompt, read_prompt
from fillboard_client.models import (
    CommentPage,
    CommentPublic,
    CommentReceipt,
    FeedTokenCreate,
    FeedTokenReceipt,
    FillCommentCreate,
    FillCreate,
    FillPublic,
    FillReceipt,
    FillUpdate,
    PartCreate,
    PartPublic,
    PartUpdate,
    Problem,
    PromptCreate,
    PromptReceipt,
    PromptWithEmbeds,
)
from fillboard_client.types import Unset

Wanted = TypeVar("Wanted")

base_url = sys.argv[1]
board = "found-family"


def stranger() -> Client:
    """A client without a token."""
    return Client(base_url)


def known(receipt: PromptReceipt | FillReceipt) -> AuthenticatedClient:
    """A client of the one whom this was the first post of."""
    assert isinstance(receipt.edit_token, str)
    return AuthenticatedClient(base_url, receipt.edit_token)


def given(kind: type[Wanted], answer: object) -> Wanted:
    """What must be there, or the evening ends here."""
    assert isinstance(answer, kind), answer
    return answer


# Somebody asks, somebody answers in two parts.
prompt = given(
    PromptReceipt,
    post_prompt.sync(
        board,
        client=stranger(),
        body=PromptCreate(
            title="Tea for two ghosts", body="Two ghosts share a teapot.", tags=["fluff"]
        ),
    ),
)
assert prompt.status == "open"
op = known(prompt)
fill = given(
    FillReceipt,
    post_fill.sync(
        prompt.id,
        client=stranger(),
        body=FillCreate(
            title="Steam", body="“After you,” said the first ghost…", parts_expected=None
        ),
    ),
)
writer = known(fill)
part = add_part.sync(fill.id, client=writer, body=PartCreate(body="The second ghost poured."))
assert given(PartPublic, part).number == 2

# Story text is changed with the version that it is based on.
read = read_part_of.sync_detailed(fill.id, 2, client=writer)
assert given(PartPublic, read.parsed).body == "The second ghost poured."
edited = edit_part.sync(
    fill.id,
    2,
    client=writer,
    body=PartUpdate(title="Milk first"),
    if_match=read.headers["ETag"],
)
assert given(PartPublic, edited).title == "Milk first"
finished = edit_fill.sync(fill.id, client=writer, body=FillUpdate.from_dict({"status": "complete"}))
assert given(FillPublic, finished).status == "complete"
filled = given(PromptWithEmbeds, read_prompt.sync(prompt.id, client=stranger()))

# They talk, and somebody reads it all, page by page.
thanks = given(
    CommentReceipt,
    comment_on_fill.sync(
        fill.id,
        client=op,
        body=FillCommentCreate(body="OP here: *thank you!*", part_number=1),
    ),
)
for count in range(1, 7):
    reply = FillCommentCreate(body=f"And another cup, the {count}th.", parent_id=thanks.id)
    given(
        CommentReceipt,
        comment_on_fill.sync(fill.id, client=writer if count % 2 else op, body=reply),
    )
comments: list[CommentPublic] = []
pages, cursor = 0, None
while pages == 0 or cursor is not None:
    page = given(
        CommentPage, list_fill_comments.sync(fill.id, client=stranger(), limit=3, cursor=cursor)
    )
    pages += 1
    comments += page.items
    cursor = parse_qs(urlsplit(page.next_).query)["cursor"][0] if page.next_ else None

# Who asked has a feed of what others said to them: a text to a program.
feed = given(FeedTokenReceipt, make_feed_token.sync(client=op, body=FeedTokenCreate()))
opener = urlsplit(feed.url).path.rpartition("/")[2].removesuffix(".atom")
told = given(str, read_private_feed.sync(opener, client=stranger()))
assert told.startswith("<?xml")
assert filled.url in told

# What can't be done is a problem document, and its code is what one programs against.
missing = given(Problem, read_prompt.sync("0000000000000000", client=stranger()))
wordless = given(Problem, post_prompt.sync(board, client=stranger(), body=PromptCreate(body="")))
theirs = given(Problem, delete_fill.sync(fill.id, client=op))
assert not isinstance(wordless.errors, Unset)

sys.stdout.write(
    json.dumps(
        {
            "prompt_status": filled.status,
            "pages": pages,
            "comments": [
                {
                    "id": comment.id,
                    "depth": comment.depth,
                    "is_op": comment.author.is_op if comment.author else None,
                    "is_filler": comment.author.is_filler if comment.author else None,
                }
                for comment in comments
            ],
            "problems": [missing.code, wordless.code, theirs.code],
            "pointer": wordless.errors[0].pointer,
        }
    )
)
