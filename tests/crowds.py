"""Several at once: threads that all begin, and all come to their end."""

import threading


def all_at_once(*works):
    """Do some work in threads of their own and wait for all of it."""
    crowd = [threading.Thread(target=work) for work in works]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
