"""Who has agreed to what, and how that can be proved (Article 7 GDPR)."""
