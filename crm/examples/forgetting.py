"""Questions about examples: address and words go some time after the link has ended and all is dealt with."""

from sqlalchemy import or_

from crm.examples.models import ExampleInquiry
from crm.retention import doing

_done = or_(ExampleInquiry.answered_at.is_(None), ExampleInquiry.settled_at.is_not(None))
doing.deletes("example-inquiries", ExampleInquiry, ExampleInquiry.expires_at, _done)
