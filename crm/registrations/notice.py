"""What guests are told when they register (Article 13 GDPR); new words get a new version."""

VERSION = "2026-11"
