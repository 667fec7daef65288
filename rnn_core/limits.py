"""How much work one call may ask for; checked before anything is allocated."""

MAX_BYTES = 2 * 2**30
"""Memory one forward, backward or gradient check may take for its arrays (2 GiB)."""

MAX_CONTRIBUTION_BYTES = 2**30
"""Memory one contribution, an array of T·B outer products, may take (1 GiB)."""

MAX_MULTIPLICATIONS = 4 * 10**11
"""Multiplications one call may ask for: minutes, not hours, on one core."""


def require_memory(task: str, needed: int, limit: int = MAX_BYTES) -> None:
    """Raise ValueError if `task` needs more bytes than `limit`."""
    if needed > limit:
        raise ValueError(
            f"{task}: expected to need at most {limit / 2**20:,.0f} MiB, got a size that needs "
            f"{needed / 2**20:,.0f} MiB"
        )


def require_work(task: str, multiplications: int, limit: int = MAX_MULTIPLICATIONS) -> None:
    """Raise ValueError if `task` needs more multiplications than `limit`."""
    if multiplications > limit:
        raise ValueError(
            f"{task}: expected at most {limit:,} multiplications, got a size that needs "
            f"{multiplications:,}"
        )
