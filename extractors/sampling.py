"""Which looks have a picture taken although nothing is wrong: drawn by lot, and anybody can draw it again."""

import hashlib
from collections.abc import Callable

Sampled = Callable[[str], bool]  # of a subject's id


def is_sampled(run_id: str, subject_id: str, share: float) -> bool:
    """Whether the lot falls on this subject in this run: the same two always draw the same.

    ``share`` is of all looks, from 0 to 1. The picture is kept with the role ``sample``.
    """
    drawn = hashlib.sha256(f"{run_id}\n{subject_id}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") < share * 2**64
