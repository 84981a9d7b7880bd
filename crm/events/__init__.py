"""Information events: planning, programme, checklist."""
