import pytest
pytestmark = pytest.mark.browser
def test_x(app, house, page_of, large_print):
    p = page_of("mara", viewport={"width":1280,"height":900})
    q = page_of("mara", browser=large_print, viewport={"width":1280,"height":900})
    for n,u in (("edit","/beratungen/1/bearbeiten"),("home","/"),("show","/beratungen/1"),("person","/kontakte/1"),("list","/beratungen?kind=group"),("place",f"/kommunen/{house['place']}"),("wv","/wiedervorlagen"),("task","/aufgabenfelder"),("rep","/berichte/taetigkeit")):
        p.set_viewport_size({"width":1280,"height":900})
        p.goto(u); p.screenshot(path=f"/tmp/s-{n}-1280.png")
        p.set_viewport_size({"width":375,"height":812}); p.screenshot(path=f"/tmp/s-{n}-375.png")
        q.goto(u); q.screenshot(path=f"/tmp/s-{n}-200.png")
