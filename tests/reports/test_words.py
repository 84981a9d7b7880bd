"""What stands above a report: its filters in words, read at once, without the name of what was removed."""

from crm.cooperations import services
from crm.db import db
from crm.reports import words
from crm.reports.period import this_year
from crm.reports.scope import Scope
from tests import factories
from tests.statements import asked


def test_filters_are_named_by_one_statement_and_what_was_removed_is_not(context):
    kept, gone = (factories.cooperation("Cölbe", "Lahntal", title=title) for title in ("Archiv", "Bauhof"))
    services.remove(gone, factories.member("anna"))
    fulda, anna = factories.place("Landkreis Fulda").id, factories.member("anna").id
    db.session.flush()

    def said(**filters):
        return words.filter_words(Scope(this_year(), **filters))

    with asked() as seen:
        found = said(county_id=fulda, cooperation_id=gone.id, staff_id=anna)
    assert len(seen) == 1
    assert found == ["Landkreis: Landkreis Fulda", "Kooperation: entfernt", "Beraten durch: Anna Adler"]
    assert said(cooperation_id=kept.id) == ["Kooperation: Archiv"]
    assert said(county_id=999999) == ["Landkreis: entfernt"]
    assert said() == []
