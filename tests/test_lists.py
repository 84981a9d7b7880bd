"""Addresses of lists: whatever stands in them is a filter or nothing, never a command to the program."""

import pytest

LISTS = (
    "/kommunen?q=b",
    "/beratungen?kind=group",
    "/kontakte?q=b",
    "/wiedervorlagen?q=b",
    "/berichte/taetigkeit?",
)
NAMES = ("endpoint", "self", "values", "ending", "_anchor", "_external", "_method", "_scheme")


@pytest.mark.parametrize("url", LISTS)
def test_no_name_in_an_address_means_anything_to_the_program(mara, url):
    for name in NAMES:
        page = mara.get(f"{url}&{name}=POST")
        assert page.status == 200, name


def test_files_of_a_list_keep_its_filters_and_nothing_else(mara):
    page = mara.get("/beratungen?kind=group&ending=exe&q=%26x")
    addresses = [link["href"] for link in page.soup.select(".page-actions a[href*='liste.']")]
    assert addresses == [f"/beratungen/liste.{kind}?kind=group&q=%26x" for kind in ("csv", "xlsx")]
