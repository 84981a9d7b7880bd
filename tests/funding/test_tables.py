"""The table of costs: who has a row in it."""

from crm.cooperations.kinds import Step
from crm.db import db
from tests import factories


def test_the_costs_of_a_partner_that_left_after_the_application_can_be_entered(app, anna):
    with app.app_context():
        made = factories.cooperation("Cölbe", "Lahntal", "Münchhausen", "Wetter (Hessen)", lead="Cölbe")
        for name in ("Cölbe", "Lahntal", "Münchhausen", "Wetter (Hessen)"):
            factories.step(made, name, Step.RESOLVED, 100)
        factories.step(made, "Wetter (Hessen)", Step.LEFT, 60)
        factories.application(made)
        factories.step(made, "Lahntal", Step.LEFT, 1)
        db.session.commit()
        ids = {one.organisation_name: one.id for one in made.partners}
        page = f"/kooperationen/{made.id}/foerderung"
    assert "Kosten vorher: Cölbe, Lahntal, Münchhausen" in anna.get(page).main
    cell = f"staff_before_{ids['Lahntal']}"
    fields = anna.get(f"{page}/kosten").fields()
    assert cell in fields
    assert f"staff_before_{ids['Wetter (Hessen)']}" not in fields, "it had left before the application"
    anna.submit(f"{page}/kosten", **{cell: "700", f"material_before_{ids['Lahntal']}": "0"})
    assert "Kosten vorher: Cölbe, Münchhausen" in anna.get(page).main
