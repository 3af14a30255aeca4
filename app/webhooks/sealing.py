"""Secrets of webhooks: how they are made, kept and signed with.

They are written as Standard Webhooks writes them, ``whsec_`` and random bytes in base 64. Who signs
needs the secret itself, so no hash of it will do: it is sealed under a key that the database does
not hold, and bound to its webhook, so that a stolen database signs nothing and a secret that was
put beside another webhook opens nothing.
"""

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from standardwebhooks import Webhook as Signer

#: What a secret begins with, so that scanners find one that has leaked.
PREFIX = "whsec_"
#: Random bytes of a secret; the standard wants 24 to 64.
_SECRET_BYTES = 32
#: Bytes of the nonce of AES-GCM.
_NONCE = 12


class SealBrokenError(ValueError):
    """What was sealed can't be opened: the key of the installation is another one by now."""


def new_secret() -> str:
    """A fresh secret."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def seal(key: bytes, webhook: str, secret: str) -> bytes:
    """Seal a secret of a webhook (its public id)."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, secret.encode(), webhook.encode())


def unseal(key: bytes, webhook: str, sealed: bytes) -> str:
    """:raises SealBrokenError: it was sealed with another key, or for another webhook."""
    try:
        opened = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], webhook.encode())
    except InvalidTag as error:
        raise SealBrokenError from error
    return opened.decode()


def signed(live_secrets: Iterable[str], event_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers by which a receiver knows who sent a body, and when: a signature by each secret.

    ``at`` is aware and in UTC.
    """
    text = body.decode()
    signatures = [Signer(secret).sign(event_id, at, text) for secret in live_secrets]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
