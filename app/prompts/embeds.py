"""What rooms above may bring along with a prompt.

A prompt can be read with its fills (``embed=fills``), but prompts know nothing of fills. So the
front desk (``app/api.py``) hands in who knows.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from app.core.database import Session
from app.core.site import Site

EmbedName = Literal["fills"]
#: From the row of a prompt, and whether adult material was asked for, to what stands under the
#: embed's name.
Embed = Callable[[Session, Site, Any, bool], Awaitable[dict[str, Any]]]

EMBEDS: dict[EmbedName, Embed] = {}
