"""How the description tells of files."""

from typing import Any

from fastapi import Response


class EpubFile(Response):
    """A book."""

    media_type = "application/epub+zip"


class HtmlFile(Response):
    """A page."""

    media_type = "text/html"


class MarkdownFile(Response):
    """Markdown."""

    media_type = "text/markdown"


class TextFile(Response):
    """Plain text."""

    media_type = "text/plain"


_DISPOSITION = {
    "description": "`attachment`, with the title as the file's name (RFC 6266).",
    "required": True,
    "schema": {"type": "string"},
}
_POLICY = {
    "description": "The page shows its own style and loads nothing.",
    "required": True,
    "schema": {"type": "string"},
}

_HTML_EXAMPLE = """<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8" />
<title>Kettle Weather</title>
…
<article id="part-1" aria-labelledby="heading-1">
<h2 id="heading-1" dir="auto">Part 1</h2>
<p>The storm knocked first.</p>
<p>“Come in,” said the Keeper. “The kettle is on.”</p>
</article>
</main>
</body>
</html>
"""
_MARKDOWN_EXAMPLE = """---
title: "Kettle Weather"
author: "merry teal heron"
…
---

# Kettle Weather

- by merry teal heron
- Answers the prompt [#1](<http://127.0.0.1:8000/v1/prompts/4k7t9x2m0p3r8s1w>)
…

## Part 1

<!-- text: 86 bytes -->

The storm knocked first.

“Come in,” said the Keeper. “The kettle is on.”

"""
_TEXT_EXAMPLE = """Kettle Weather
==============

by merry teal heron

Answers the prompt: #1, <http://127.0.0.1:8000/v1/prompts/4k7t9x2m0p3r8s1w>
…


Part 1
------

The storm knocked first.

“Come in,” said the Keeper. “The kettle is on.”
"""

EPUB_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {EpubFile.media_type: {"schema": {"format": "binary"}}},
        "headers": {"Content-Disposition": _DISPOSITION},
    }
}
HTML_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {HtmlFile.media_type: {"example": _HTML_EXAMPLE}},
        "headers": {"Content-Disposition": _DISPOSITION, "Content-Security-Policy": _POLICY},
    }
}
MARKDOWN_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {MarkdownFile.media_type: {"example": _MARKDOWN_EXAMPLE}},
        "headers": {"Content-Disposition": _DISPOSITION},
    }
}
TEXT_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {TextFile.media_type: {"example": _TEXT_EXAMPLE}},
        "headers": {"Content-Disposition": _DISPOSITION},
    }
}
