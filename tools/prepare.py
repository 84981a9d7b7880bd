#!/usr/bin/env python3
"""Make the instance folder and the secret key before the program starts for the first time."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from config import ensure_secret_key, instance_folder

if __name__ == "__main__" and ensure_secret_key():
    print(f"Neuer Schlüssel: {instance_folder() / 'secret-key'} (Modus 600). Sichern Sie ihn getrennt.")
