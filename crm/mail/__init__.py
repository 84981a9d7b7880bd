"""The outbox: mails are rows, sent by a job."""
