"""What is counted, of whom, and how much of it there may be.

Quotas of reading and of writing can be set by the operator. The others are about what makes
somebody new (masks, accounts) or costs others something (reports, passwords that are tried), so
they count networks: whoever holds a token could make as many as they like.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.core.settings import Settings

#: Whoever has no token posts under a mask that is made for them.
_MINTING = re.compile(r"/v1/(?:masks|.+/(?:prompts|fills|comments|discussions))")


@dataclass(frozen=True)
class Policy:
    """At most ``quota`` requests in each ``window`` of so many seconds. ``of`` says who is counted:
    the ``caller``, which is the token that was sent or else the network, or always the ``network``.
    """

    name: str
    quota: int
    window: int
    of: Literal["caller", "network"] = "network"

    def tell(self) -> str:
        """The policy as the field ``RateLimit-Policy`` names it."""
        return f'"{self.name}";q={self.quota};w={self.window}'


@dataclass(frozen=True)
class Policies:
    """All policies of a service."""

    read: Policy
    write: Policy
    mask: Policy = Policy("mask", 60, 3600)
    account: Policy = Policy("account", 10, 3600)
    sign_in: Policy = Policy("sign-in", 20, 60)
    report: Policy = Policy("report", 30, 3600)
    unknown_token: Policy = Policy("unknown-token", 60, 60)

    @classmethod
    def of(cls, settings: Settings) -> "Policies":
        """The policies that an operator wants."""
        return cls(
            read=Policy("read", settings.reads_per_minute, 60, "caller"),
            write=Policy("write", settings.writes_per_minute, 60, "caller"),
        )

    def about(self, method: str, path: str, *, has_token: bool) -> Iterator[Policy]:
        """The policies that a request falls under."""
        if method in ("GET", "HEAD"):
            yield self.read
            return
        yield self.write
        if method != "POST":
            return
        if path == "/v1/sessions":
            yield self.sign_in
        elif path == "/v1/accounts":
            yield self.account
        elif path == "/v1/reports":
            yield self.report
        elif _MINTING.fullmatch(path) and (not has_token or path == "/v1/masks"):
            yield self.mask
