"""A file, written whole or not at all."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

__all__ = ["write_at_once"]


def write_at_once(path: Path, text: str) -> Path:
    """Write beside the file, then take its place in one operation of the file system.

    A file that is there keeps its mode, a new one gets what the umask leaves; a symbolic link is followed.
    """
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise FileNotFoundError(f"the folder {target.parent} of {target.name} does not exist; make it first")
    if target.is_dir():
        raise IsADirectoryError(f"{path} is a folder; give the name of a file")
    if target.exists() and not target.is_file():
        raise FileExistsError(f"{path} is a device, and no file that could be replaced; give the name of a file")
    beside = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with beside.open("x", encoding="utf-8") as file:
            if target.exists():
                beside.chmod(stat.S_IMODE(target.stat().st_mode))  # before there is anything to read
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return path
