"""What a reader wants left out, or to be warned about."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.labels.names import TagKey


@dataclass(frozen=True)
class Wishes:
    """A reader's saved filters: tags that ``hide`` a work, and tags to ``warn`` about, each with
    how it is shown.
    """

    hide: Mapping[TagKey, dict[str, str]]
    warn: Mapping[TagKey, dict[str, str]]
