"""Users, signing in, sessions, drafts, the audit trail of accounts."""
