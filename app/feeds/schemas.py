"""How the description tells of feeds."""

from typing import Any

from fastapi import Response

_HEAD = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0">
"""
_PROMPTS = f"""{_HEAD}<id>urn:uuid:0d3c2f51-7a35-5e0e-8f0f-5d4f1f6b1c11</id>
<title>Found Family: prompts</title>
<updated>2026-11-03T12:00:00Z</updated>
<link rel="self" type="application/atom+xml" \
href="http://127.0.0.1:8000/v1/boards/found-family/prompts.atom?status=open"/>
<link rel="alternate" \
href="http://127.0.0.1:8000/v1/boards/found-family/prompts?status=open"/>
<entry>
<id>urn:uuid:7b1f0a3e-2c77-5d0b-9b0c-2f8e5c1a9d42</id>
<title>The robot and the cat</title>
<author><name>merry teal heron</name></author>
<published>2026-11-03T12:00:00Z</published>
<updated>2026-11-03T12:00:00Z</updated>
<link rel="alternate" \
href="http://127.0.0.1:8000/v1/prompts/4k7t9x2m0p3r8s1w"/>
<category term="robots" scheme="http://127.0.0.1:8000/v1/tags?kind=tag"/>
<content type="html">&lt;ul&gt;&lt;li&gt;Rating: General&lt;/li&gt;…&lt;/ul&gt;
&lt;p&gt;A robot adopts a cat.&lt;/p&gt;</content>
</entry>
</feed>
"""
_FILLS = f"""{_HEAD}<id>urn:uuid:5e7c8d0a-3b0f-5a0f-8f6a-1c7d0b9e4f27</id>
<title>Found Family: fills</title>
<updated>2026-11-04T18:30:00Z</updated>
…
<entry>
<id>urn:uuid:9c2e6b1d-8a4f-5f3c-b0d7-6e5a4c3b2f10</id>
<title>Sunbeam Protocol</title>
…
<thr:in-reply-to ref="urn:uuid:7b1f0a3e-2c77-5d0b-9b0c-2f8e5c1a9d42" type="application/json" \
href="http://127.0.0.1:8000/v1/prompts/4k7t9x2m0p3r8s1w"/>
<content type="html">&lt;ul&gt;&lt;li&gt;Rating: General&lt;/li&gt;…
&lt;li&gt;In progress, 1/?, 1,204 words&lt;/li&gt;&lt;/ul&gt;…</content>
</entry>
</feed>
"""
_PARTS = f"""{_HEAD}<id>urn:uuid:2f4b6d8e-0c1a-5b3d-9e5f-7a9c1e3b5d70</id>
<title>Sunbeam Protocol</title>
…
<entry>
<id>urn:uuid:4d6f8b0a-2c3e-5d5f-8071-9bad0c1e2f34</id>
<title>Part 2: Calibration</title>
…
<content type="html">&lt;ul&gt;&lt;li&gt;Rating: General&lt;/li&gt;…&lt;/ul&gt;
&lt;p&gt;“Step one,” said the cat.&lt;/p&gt;</content>
</entry>
</feed>
"""
_COMMENTS = f"""{_HEAD}<id>urn:uuid:1a2b3c4d-5e6f-5a0b-8c1d-2e3f4a5b6c7d</id>
<title>Comments on The robot and the cat</title>
…
<entry>
<id>urn:uuid:8e7d6c5b-4a39-5281-9706-f5e4d3c2b1a0</id>
<title>Re: The robot and the cat</title>
<author><name>gentle amber otter</name></author>
…
<thr:in-reply-to ref="urn:uuid:7b1f0a3e-2c77-5d0b-9b0c-2f8e5c1a9d42" type="application/json" \
href="http://127.0.0.1:8000/v1/prompts/4k7t9x2m0p3r8s1w"/>
<content type="html">…&lt;p&gt;Oh, I want to read this!&lt;/p&gt;</content>
</entry>
</feed>
"""
_REPLIES = f"""{_HEAD}<id>urn:uuid:3c4d5e6f-7081-5293-a4b5-c6d7e8f90a1b</id>
<title>What others said to you</title>
<updated>2026-11-04T18:30:00Z</updated>
<link rel="alternate" href="http://127.0.0.1:8000/v1/me/replies"/>
<entry>
<id>urn:uuid:9c2e6b1d-8a4f-5f3c-b0d7-6e5a4c3b2f10</id>
<title>Sunbeam Protocol</title>
…
</entry>
</feed>
"""


class AtomFeed(Response):
    """A feed."""

    media_type = "application/atom+xml"


def _answer(example: str, **headers: Any) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {AtomFeed.media_type: {"example": example}}, "headers": headers}}


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
