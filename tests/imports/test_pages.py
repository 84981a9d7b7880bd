"""The real list on the pages of the groups, as somebody signed in reads them."""

import pytest

from crm.db import db
from tests.imports.lists import real, take


@pytest.mark.parametrize("mark", ["IKZ-003", "IKZ-082", "IKZ-119", "IKZ-030", "IKZ-068"])
def test_the_page_of_a_group_reads_like_a_file(app, mara, mark):
    with app.test_request_context("/", base_url="http://localhost"):
        found, _run = take(real())
        db.session.commit()
        line = next(line for line in found.lines if line.entry.source_id == mark)
        number, title, names = line.record_id, line.entry.title, [one.name for one in line.found.places]
    page = mara.get(f"/kooperationen/{number}")
    assert page.status == 200
    for text in (title, *names, f"Kennung in der Liste: {mark}", "Art der Quelle:"):
        assert text in page.main, text
