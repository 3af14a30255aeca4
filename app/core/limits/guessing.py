"""Slowing down whoever guesses passwords, without locking out whoever knows theirs.

Tries are counted for each network and name, for each network, and for each name. The last count
never refuses by itself: where many networks together try one name, each of them has one try in a
while for it instead of several. Its owner knows the password, and one try is enough.
"""

import hashlib

from app.core.errors import RateLimited
from app.core.limits.counting import Counters
from app.core.limits.policies import Policy
from app.core.sources import Source

_OF_NETWORK_AND_NAME = Policy("guess", 10, 900)
_OF_NETWORK = Policy("guess-any", 30, 900)
_OF_NAME = Policy("guess-from-anywhere", 50, 3600)
_WHERE_MANY_TRY = Policy("guess-slowly", 1, 600)


#: What a try was counted under.
Try = tuple[tuple[Policy, str], ...]


class Guesses:
    """Counts tries of passwords. A try counts as failed until it is known to be right, so that many
    at once are as many.
    """

    def __init__(self, counters: Counters, *, is_on: bool) -> None:
        self._counters = counters
        self._is_on = is_on

    async def begin(self, name_key: str, source: Source) -> Try:
        """Somebody is about to try a password for a name (in lower case).

        :raises RateLimited: they have tried too many wrong ones.
        """
        if not self._is_on:
            return ()
        network, name = _network(source), _name(name_key)
        tried = [(_OF_NAME, f"{_OF_NAME.name}:{name}")]
        from_anywhere, _ = await self._counters.add(tried[0][1], _OF_NAME.window)
        is_slow = from_anywhere > _OF_NAME.quota
        narrow = _WHERE_MANY_TRY if is_slow else _OF_NETWORK_AND_NAME
        for policy, key in ((narrow, f"{network}:{name}"), (_OF_NETWORK, network)):
            tried.append((policy, f"{policy.name}:{key}"))
            used, left = await self._counters.add(tried[-1][1], policy.window)
            if used > policy.quota:
                raise RateLimited(left)
        return tuple(tried)

    async def was_right(self, tried: Try) -> None:
        """A try that was begun was right: it does not count."""
        for policy, key in tried:
            await self._counters.add(key, policy.window, -1)


def _network(source: Source) -> str:
    return source.hashes("guesses")[0].hex()[:32]


def _name(name_key: str) -> str:
    return hashlib.sha256(name_key.encode()).hexdigest()[:32]
