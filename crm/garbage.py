"""How often Python looks for garbage while pages are made."""

import gc

# A page makes some thousand objects, and most of them go by themselves.
NEW_OBJECTS = 10_000


def settle() -> None:
    """Leave what is loaded alone for good, and look at new objects less often.

    To search all of it every 700 new objects, as usual, took a tenth of the time and made one page in twenty
    half as slow again.
    """
    gc.set_threshold(NEW_OBJECTS, 10, 10)
    gc.freeze()
    gc.enable()
