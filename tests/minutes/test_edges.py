"""Minutes at the edges: thrown away and begun again, corrected, left behind, answered twice at once."""

from tests.minutes.story import TEXTS, circulated, link_to, mails, minutes
from tests.minutes.test_story import PETRA


def begun_again(app, client, number):
    """Throw minutes away and begin and send others for the same talk; their number."""
    talk = minutes(app, number).consultation_id
    client.submit(f"/protokolle/{number}/zurueckziehen")
    client.submit(f"/protokolle/{number}/verwerfen")
    made = client.submit(f"/beratungen/{talk}/protokoll", **TEXTS | {"title": "Zweites"}).location
    assert client.submit(f"{made}/abstimmen").status == 303
    return int(made.rpartition("/")[2])


def test_whoever_is_asked_anew_after_minutes_were_thrown_away_gets_a_mail(app, anna, stranger):
    number = begun_again(app, anna, circulated(app, anna))
    assert len(mails(app)) == 4
    assert stranger.get(link_to(app, PETRA)).status == 200
    assert "verworfen" not in anna.get(f"/protokolle/{number}").main
