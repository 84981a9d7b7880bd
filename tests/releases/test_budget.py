"""Pages of frozen reports stay small however much a report says."""

from tests import factories
from tests.releases.frozen import YEAR, freeze, talk


def test_freezing_a_report_narrowed_to_everything_takes_few_statements(app, mara):
    talk(app, "Lahntal", "Cölbe", task_fields=[1])
    with app.test_request_context():
        number = factories.member("anna").id
        county = factories.place("Landkreis Marburg-Biedenkopf").id
    query = f"{YEAR}&person={number}&kreis={county}&art-der-beratung=group"
    url = freeze(mara, query=query)
    for page in (
        url,
        f"{url}/vergleich",
        f"{url}/vergleich/ursachen?was=beratungen",
        f"{url}/datensaetze?liste=0",
    ):
        assert mara.get(page).status == 200, page
