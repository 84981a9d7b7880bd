"""All groups as they were on a day, read in several statements while others go on working."""

from crm.cooperations import on_day
from crm.cooperations.kinds import Step
from crm.db import today
from tests import factories


def test_a_group_that_appears_between_the_statements_is_left_out(context, monkeypatch):
    factories.cooperation(step=Step.INTERESTED, task_fields=[2])
    parts = on_day._parts

    def late():
        factories.cooperation("Hanau", title="Archiv", task_fields=[2])
        return parts()

    monkeypatch.setattr(on_day, "_parts", late)
    (group,) = on_day.groups_on(today())
    assert (len(group.partners), group.fields) == (3, [2])
    monkeypatch.undo()
    assert [len(one.partners) for one in on_day.groups_on(today())] == [1, 3]
