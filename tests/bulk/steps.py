"""How a selection is walked through on screen: the form, the preview, the confirmation, the way back."""

from urllib.parse import urlencode

UNDO = "a[href*='/auswahl/vorgaenge/']"


def address(kind, action, numbers, **more):
    """The address of an action on some records."""
    pairs = [("nummer", one) for one in numbers]
    return f"/auswahl/{kind}/{action}?{urlencode([*more.items(), *pairs])}"


def preview(client, url, **values):
    """Send the form of an action; give the page with the preview."""
    return client.post(url, {name: str(value) for name, value in values.items()})


def confirm(client, url, page, follow=False, **changes):
    """Say yes to a preview as it stands."""
    return client.post(url, page.fields() | changes, follow=follow)


def done(client, url, **values):
    """Walk through both pages; give the list with the message."""
    page = preview(client, url, **values) if values else client.get(url)
    assert page.status == 200, page.main
    return confirm(client, url, page, follow=True)


def undo_url(page):
    """Where the message leads that offers to take an action back."""
    return page.soup.select_one(UNDO)["href"]


def undo(client, page, follow=True):
    """Take back what a message tells of."""
    return client.submit(undo_url(page), follow=follow)
