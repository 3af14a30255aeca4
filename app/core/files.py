"""Files that are kept beside the database, each written whole or not at all."""

import os
import secrets
from pathlib import Path


def write_once(path: Path, text: str) -> None:
    """Write a file that its owner alone may read, whole or not at all, also when several processes
    start at once: the first one wins, and the others read what it wrote.
    """
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    draft.touch(mode=0o600)
    with draft.open("w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
        _sync_folder(path.parent)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder outlast a power cut, too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
