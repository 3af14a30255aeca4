"""The frame of the few pages that people open in a browser."""

import html

from fastapi.responses import HTMLResponse

_STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem;"
    "color:#222;background:#fff}code{background:#f2f2f2;padding:.1em .3em;border-radius:3px}"
    "pre{overflow-x:auto;background:#f2f2f2;padding:.8rem;border-radius:3px}pre code{padding:0}"
    "table{border-collapse:collapse}td,th{padding:.3rem .8rem .3rem 0;text-align:left;"
    "vertical-align:top}a{color:#0b57a4}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#1b1b1b}"
    "code,pre{background:#333}a{color:#8ab8f0}}"
)


def page(title: str, body: str) -> HTMLResponse:
    """A page with a heading. ``body`` is HTML, ``title`` is text."""
    heading = html.escape(title)
    name = heading if title == "Fillboard" else f"{heading} · Fillboard"
    # An icon that is empty is not asked for.
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name}</title>'
        '<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">'
        f"<style>{_STYLE}</style></head><body><h1>{heading}</h1>{body}</body></html>"
    )
