"""What changed, when, and who did it. Values of personal and free-text columns are named, never stored.

Nobody can rewrite it: triggers refuse every change but emptying (`redact`); seals show what got past them.
"""

from crm.audit.events import AuditEvent, Unchangeable
from crm.audit.names import EVENTS
from crm.audit.recording import SILENT, difference, history_of, record, redact

__all__ = ["EVENTS", "SILENT", "AuditEvent", "Unchangeable", "difference", "history_of", "record", "redact"]
