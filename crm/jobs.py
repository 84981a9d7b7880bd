"""Background work: what is to be done stands in tables, a duty looks there, the bell only says: look now."""

from collections.abc import Callable

DUTIES: dict[str, Callable[[], None]] = {}


def duty(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Mark a function that does all that is due of one kind, committing as it goes; it runs every minute."""

    def mark(work: Callable[[], None]) -> Callable[[], None]:
        DUTIES[name] = work
        return work

    return mark


def ring(name: str) -> None:
    """Wake the worker for a duty, after the commit. A bell that nobody hears costs a minute, nothing else."""
    if name not in DUTIES:
        raise KeyError(name)
