"""The guides, as pages that the service itself brings along."""

from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.core.errors import NotFound
from app.core.pages import page
from app.core.site import site_of
from app.kit.markup import render

router = APIRouter(include_in_schema=False)

_FOLDER = Path(__file__).parent
#: The guides in reading order.
GUIDES = (
    *("words", "identity", "sight", "errors", "paging", "finding", "text", "stories"),
    *("adult", "conditions", "idempotency", "limits", "events", "feeds", "changes"),
    # For those who run a board.
    *("speed", "growth"),
)
_FOOT = '<p><a href="/docs/guides">All guides</a> · <a href="/docs">Documentation</a></p>'


@router.get("/docs/guides")
async def list_guides() -> HTMLResponse:
    """List all guides with what each is about."""
    rows = "".join(
        f'<li><a href="/docs/guides/{name}">{title}</a></li>'
        for name, title in ((name, _source(name)[0]) for name in GUIDES)
    )
    return page("Guides", f'<ul>{rows}</ul><p><a href="/docs">Documentation</a></p>')


@router.get("/docs/guides/{name}")
async def show_guide(request: Request, name: str) -> HTMLResponse:
    """Show one guide."""
    if name not in GUIDES:
        raise NotFound
    title, _ = _source(name)
    return page(title, _body(name, site_of(request).public_url) + _FOOT)


@cache
def _source(name: str) -> tuple[str, str]:
    """The title and the text of a guide."""
    title, _, text = (_FOLDER / f"{name}.md").read_text(encoding="utf-8").partition("\n")
    return title.removeprefix("# "), text


@cache
def _body(name: str, public_url: str) -> str:
    """What a guide says, as HTML. Only absolute links come through the house's Markdown."""
    _, text = _source(name)
    return render(text.replace("](/", f"]({public_url}/"))
