"""Saved reports: a question kept under a name, and sent by mail when a month or quarter is over."""
