"""Who seconds a prompt."""

from dataclasses import dataclass

from app.core.sources import Source
from app.identity.people import Caller


@dataclass(frozen=True)
class Seconder:
    """Somebody who may want a prompt, too: by their token, or, without one, by where they come
    from. An account has one mask, so it counts once, whatever it posts as.
    """

    caller: Caller | None
    source: Source

    @property
    def mask_id(self) -> int | None:
        """The mask under which they second; ``None`` for somebody without a token."""
        return self.caller.mask_id if self.caller else None


@dataclass(frozen=True)
class Stance:
    """How somebody stands to a prompt: whether it is among those that they have seconded."""

    prompt_id: int
    seconder: Seconder
    is_seconded: bool
