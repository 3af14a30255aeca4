"""Keys for each purpose, all derived from the one secret of the installation."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derive_key(secret: str, purpose: str, length: int = 32) -> bytes:
    """Derive a key of ``length`` bytes by HKDF-SHA256 (RFC 5869), one for each purpose.

    Two purposes never share a key, so that what one reveals says nothing about another.
    """
    info = f"fillboard/{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(secret.encode())
