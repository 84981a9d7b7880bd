"""Python does not look for garbage while the program is loaded, and does from then on."""

import gc

from crm.garbage import NEW_OBJECTS, settle


def test_whoever_loaded_the_program_without_it_looks_for_garbage_afterwards():
    before = gc.get_threshold()
    gc.disable()
    try:
        settle()
        assert gc.isenabled()
        assert gc.get_threshold()[0] == NEW_OBJECTS
    finally:
        gc.enable()
        gc.unfreeze()
        gc.set_threshold(*before)
