"""What speaks to the sign-on service: `provider` and `tokens`, loaded when they are first used.

They bring large libraries along, and most offices have no such service.
"""

import importlib
from typing import Any


def __getattr__(name: str) -> Any:
    if name in ("provider", "tokens"):
        return importlib.import_module(f"crm.sign_on.{name}")
    raise AttributeError(name)
