"""What callers and networks have done in the present windows.

A request is counted before it is looked at, and taken back where it cost nothing: 304, and 5xx,
which is our own fault.
"""

import hmac
from collections import OrderedDict
from dataclasses import dataclass

from starlette.requests import Request

from app.core.errors import UnknownToken
from app.core.limits.counting import Counters
from app.core.limits.policies import Policies, Policy
from app.core.sources import Sources
from app.kit.tokens import hash_of, kind_of

#: So many tokens are remembered to have been known lately.
_REMEMBERED = 10_000
_FREE = frozenset((304, *range(500, 600)))


@dataclass
class Count:
    """How much of a policy somebody has used."""

    policy: Policy
    key: str
    used: int
    seconds_left: int

    @property
    def is_over(self) -> bool:
        """Whether this was too much."""
        return self.used > self.policy.quota

    def tell(self) -> str:
        """The count as the field ``RateLimit`` names it."""
        left = max(0, self.policy.quota - self.used)
        return f'"{self.policy.name}";r={left};t={self.seconds_left}'


class Limits:
    """Counts what callers and networks do.

    Tokens are named by a keyed hash that has nothing in common with what the database keeps, and
    networks by their hash under the key of the day.
    """

    def __init__(
        self, counters: Counters, policies: Policies, sources: Sources, key: bytes, *, is_on: bool
    ) -> None:
        self.counters = counters
        self.policies = policies
        self.is_on = is_on
        self._sources = sources
        self._key = key
        self._known: OrderedDict[str, None] = OrderedDict()

    async def count(self, request: Request) -> list[Count]:
        """Count a request under every policy that it falls under."""
        token = _token_of(request)
        policies = list(
            self.policies.about(request.method, request.url.path, has_token=token is not None)
        )
        caller = None if token is None else self._name_of(token)
        counts = [await self._add(request, each, caller) for each in policies]
        if caller is not None and caller not in self._known:
            # Anybody can make tokens up; what nobody gave out yet is no caller of its own.
            counts.append(await self._add(request, self.policies.unknown_token, None))
        return counts

    async def settle(self, request: Request, counts: list[Count], status: int) -> None:
        """Take back what cost nothing, and note which tokens are known."""
        for each in counts:
            is_known = each.policy is self.policies.unknown_token and status != UnknownToken.status
            if status in _FREE or is_known:
                await self.counters.add(each.key, each.policy.window, -1)
        token = _token_of(request)
        if token is None or status in _FREE:
            return
        name = self._name_of(token)
        if status == UnknownToken.status:
            self._known.pop(name, None)
            return
        self._known[name] = None
        self._known.move_to_end(name)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    async def _add(self, request: Request, policy: Policy, caller: str | None) -> Count:
        who = caller if caller is not None and policy.of == "caller" else self._network(request)
        key = f"{policy.name}:{who}"
        used, left = await self.counters.add(key, policy.window)
        return Count(policy, key, used, left)

    def _name_of(self, token: str) -> str:
        return hmac.digest(self._key, hash_of(token), "sha256").hex()[:32]

    def _network(self, request: Request) -> str:
        return self._sources.of(request).hashes("limits")[0].hex()[:32]


def _token_of(request: Request) -> str | None:
    """The token of a request, if it is spelt as one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    return token if scheme.lower() == "bearer" and kind_of(token) is not None else None
