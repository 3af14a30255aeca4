"""What the whole service shares: where it is, its keys, its database."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, Request

from app.core.database import Database
from app.core.day_keys import DayKeys
from app.core.keeping import KeptAnswers
from app.core.limits import Counters, Guesses, Limits, Policies
from app.core.settings import Settings
from app.core.sources import Sources
from app.core.uses import Uses
from app.kit.cursors import KEY_LENGTH, CursorSealer
from app.kit.faces import face
from app.kit.keys import derive_key

#: Faces that were worn lately: a page of a thread shows the same few again and again.
_known_face = lru_cache(maxsize=32_768)(face)
#: Where in the data folder the keys of the days are.
DAY_KEYS = "day-keys"


@dataclass(frozen=True)
class Site:
    """One running service."""

    database: Database
    public_url: str
    cursors: CursorSealer
    face_key: bytes
    alias_key: bytes
    replay_key: bytes
    webhook_key: bytes
    allows_local_webhooks: bool
    sources: Sources
    kept: KeptAnswers
    reads: KeptAnswers
    limits: Limits
    guesses: Guesses
    uses: Uses

    @classmethod
    def open(cls, settings: Settings, database: Database, listen_url: str) -> "Site":
        """Derive the keys; without a public URL of its own the site is where it listens."""
        secret = settings.secret()
        sources = Sources(DayKeys(settings.data_dir / DAY_KEYS), settings.trusted_proxies)
        redis_url = settings.redis_url.get_secret_value() if settings.redis_url else None
        counters, is_on = Counters(redis_url), settings.rate_limits == "on"
        key = derive_key(secret, "limits")
        return cls(
            database=database,
            public_url=settings.public_url or listen_url,
            cursors=CursorSealer(derive_key(secret, "cursors", KEY_LENGTH)),
            face_key=derive_key(secret, "faces"),
            alias_key=derive_key(secret, "aliases"),
            replay_key=derive_key(secret, "replays"),
            webhook_key=derive_key(secret, "webhooks"),
            allows_local_webhooks=settings.webhook_allow_local,
            sources=sources,
            # Half of it for what is kept by what it shows, half for what is kept until a write.
            kept=KeptAnswers(settings.kept_pages_mb * 2**19),
            reads=KeptAnswers(settings.kept_pages_mb * 2**19),
            limits=Limits(counters, Policies.of(settings), sources, key, is_on=is_on),
            guesses=Guesses(counters, is_on=is_on),
            uses=Uses(),
        )

    def url(self, path: str) -> str:
        """An absolute URL for a path below ``/v1``. What a request's headers say of the host never
        enters it.
        """
        return f"{self.public_url}/v1{path}"

    def face(self, conversation: str, mask: str) -> str:
        """The face of a mask in a conversation, both by their ids."""
        return _known_face(self.face_key, conversation, mask)


def site_of(request: Request) -> Site:
    """The site that a request came to."""
    site = request.app.state.site
    assert isinstance(site, Site)
    return site


async def _the_site(request: Request) -> Site:
    """As :func:`site_of`; what is not ``async`` would be called in a thread."""
    return site_of(request)


TheSite = Annotated[Site, Depends(_the_site)]
