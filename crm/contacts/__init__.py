"""People and their dated functions; personal data live here, and only here."""
