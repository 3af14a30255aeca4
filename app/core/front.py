"""The page at the root, for whoever comes by with a browser."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.core.pages import page

router = APIRouter(include_in_schema=False)

_BODY = """
<p>This is a Fillboard: a kink-meme prompt-and-fill board as a REST API. People, mostly anonymous,
post prompts that ask for a fan work; others answer with fills; everybody talks in threaded
comments. Posting needs no account.</p>
<ul>
<li><a href="/docs">Documentation</a>, to read and to try out</li>
<li><a href="/docs/guides">Guides</a>: who you are, errors, pages, limits and the like</li>
<li><a href="/v1/boards">The boards</a> that are here; for a feed of one, open
<code>/v1/boards/&hellip;/prompts.atom</code> in a feed reader</li>
<li><a href="/problems">Problems</a>: what each refusal means</li>
<li><a href="/openapi.json">The OpenAPI description</a>, for programs</li>
</ul>
"""


@router.get("/")
async def show_front() -> HTMLResponse:
    """Say what this is and where to go."""
    return page("Fillboard", _BODY)
