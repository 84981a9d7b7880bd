"""Questions to the database that are answered in time or not at all, however many ask them."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from typing import Any

from flask import Flask

# Readiness and figures together are answered within two seconds, even where the database gives no answer.
PATIENCE = 1.5
# So long everybody gets the same answer, in seconds: strangers may ask, too.
KEPT = 3.0
POOL = ThreadPoolExecutor(2, thread_name_prefix="asking")
_LOCK = threading.Lock()


def in_time(app: Flask, work: Callable[[], Any]) -> Any:
    """Give what `work` gives within the application's context, None where that takes too long.

    It runs once for all who ask meanwhile; whoever comes to one that hangs does not wait for it again.
    """
    future, since = _at_hand(app, work)
    try:
        return future.result(max(0.0, since + PATIENCE - time.monotonic()))
    except (TooSlow, CancelledError):
        # What has not begun yet need not begin any more.
        future.cancel()
        return None


def _at_hand(app: Flask, work: Callable[[], Any]) -> tuple[Future[Any], float]:
    with _LOCK:
        known = app.extensions.setdefault("asked", {})
        future, since = known.get(work, (None, 0.0))
        if future is None or (future.done() and time.monotonic() - since > KEPT):
            future, since = POOL.submit(_within, app, work), time.monotonic()
            known[work] = future, since
        return future, since


def _within(app: Flask, work: Callable[[], Any]) -> Any:
    with app.app_context():
        return work()
