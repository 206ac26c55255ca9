"""Locks on files: the kernel's (`flock`), which go with their process, however it went."""

from __future__ import annotations

import fcntl


def take_lock(descriptor: int) -> bool:
    """Takes the lock of the open file, without waiting; says whether nobody else has it.

    It is held until the descriptor is closed. Raises OSError where the file system has no locks.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
