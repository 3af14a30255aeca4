"""How the description tells of feeds. The examples are written as feeds are."""

from dataclasses import replace
from typing import Any

from fastapi import Response

from app.feeds.atom import Entry, Feed, Thing, id_of, write

_SITE = "http://127.0.0.1:8000/v1"
_BOARD = f"{_SITE}/boards/found-family"
_TAG = f"{_SITE}/tags?kind=tag"
_RATED = "<li>Rating: General</li><li>Content notes: None apply</li>"

_PROMPT = Entry(
    thing=Thing(id_of("prompt", "4k7t9x2m0p3r8s1w"), f"{_SITE}/prompts/4k7t9x2m0p3r8s1w"),
    title="The robot and the cat",
    author="merry teal heron",
    published="2026-11-03T12:00:00Z",
    updated="2026-11-03T12:00:00Z",
    html=f"<ul>{_RATED}<li>Do not want: Sad endings</li><li>Prompt: "
    f'<a href="{_SITE}/prompts/4k7t9x2m0p3r8s1w">#12</a></li></ul>\n'
    "<p>A robot that was built for <em>anything</em> else adopts a cat.</p>\n",
    tags=((_TAG, "found family"), (_TAG, "robots")),
)
_FOR_PROMPT = f'For the prompt <a href="{_PROMPT.thing.url}">#12: {_PROMPT.title}</a>'
_FILL = Entry(
    thing=Thing(id_of("fill", "9q2w4e6r8t0y1p3s"), f"{_SITE}/fills/9q2w4e6r8t0y1p3s"),
    title="Sunbeam Protocol",
    author="gentle amber otter",
    published="2026-11-04T18:30:00Z",
    updated="2026-11-06T20:00:00Z",
    html=f"<ul>{_RATED}<li>{_FOR_PROMPT}</li><li>Medium: Fic</li>"
    "<li>In progress, 2/?, 2,408 words</li></ul>\n"
    "<p>The robot had a manual for everything but this.</p>\n"
    f'<p><a href="{_SITE}/fills/9q2w4e6r8t0y1p3s">On the board</a></p>\n',
    tags=((_TAG, "found family"),),
    answers=_PROMPT.thing,
)
_PART = replace(
    _FILL,
    thing=Thing(id_of("part", "1a2s3d4f5g6h7j8k"), f"{_FILL.thing.url}/parts/2"),
    title="Part 2: Calibration",
    published="2026-11-06T20:00:00Z",
    html=f"<ul>{_RATED}<li>{_FOR_PROMPT}</li><li>1,204 words</li></ul>\n"
    "<p>“Step one,” said the cat. “There is no step one.”</p>\n",
    tags=(),
    answers=None,
)
_COMMENT = Entry(
    thing=Thing(id_of("comment", "8w2e4r6t0y1u3i5o"), f"{_SITE}/comments/8w2e4r6t0y1u3i5o"),
    title=f"Re: {_PROMPT.title}",
    author="gentle amber otter",
    published="2026-11-03T13:00:00Z",
    updated="2026-11-03T13:00:00Z",
    html=f'<p>On <a href="{_PROMPT.thing.url}">{_PROMPT.title}</a>:</p>\n'
    "<p>Oh, I want to read this!</p>\n",
    answers=_PROMPT.thing,
)


def _of(title: str, path: str, *entries: Entry, subtitle: str | None = None) -> Feed:
    return Feed(
        id=id_of("example", path),
        title=title,
        subtitle=subtitle,
        began="2026-11-01T18:00:00Z",
        url=path.replace("?", ".atom?") if "?" in path else f"{path}.atom",
        source=path,
        entries=entries,
    )


_NOTED = "Rating: General. Content notes: None apply"
_PROMPTS = _of("The Found Family Meme: prompts", f"{_BOARD}/prompts?status=open", _PROMPT)
_FILLS = _of("The Found Family Meme: fills", f"{_BOARD}/fills", _FILL)
_PARTS = _of(_FILL.title, f"{_FILL.thing.url}/parts", _PART, subtitle=_NOTED)
_COMMENTS = _of(
    f"Comments on {_PROMPT.title}", f"{_PROMPT.thing.url}/comments", _COMMENT, subtitle=_NOTED
)
_REPLIES = replace(_of("What others said to you", f"{_SITE}/me/replies", _FILL, _COMMENT), url=None)


class AtomFeed(Response):
    """A feed."""

    media_type = "application/atom+xml"


def _answer(example: Feed, **headers: Any) -> dict[int | str, dict[str, Any]]:
    content = {AtomFeed.media_type: {"example": write(example).decode()}}
    return {200: {"content": content, "headers": headers}}


PROMPTS_ANSWER = _answer(_PROMPTS)
FILLS_ANSWER = _answer(_FILLS)
PARTS_ANSWER = _answer(_PARTS)
COMMENTS_ANSWER = _answer(_COMMENTS)
REPLIES_ANSWER = _answer(
    _REPLIES,
    **{
        "Referrer-Policy": {
            "description": "`no-referrer`: whoever follows a link out of the feed does not tell "
            "its address.",
            "required": True,
            "schema": {"type": "string"},
        }
    },
)
