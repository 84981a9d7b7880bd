"""Walk through all numbers of a report and open the list behind each."""

from werkzeug.datastructures import MultiDict

from crm.reports.sheet import Number


def numbers(sheet):
    """Every number with a list behind it."""
    yield from (one.number for one in sheet.figures if one.number.link)
    for one in sheet.all_tables:
        for row in [*one.rows, one.total]:
            yield from (cell for cell in row if isinstance(cell, Number) and cell.link)


def key_of(number):
    """What a number leads to, as a key."""
    return tuple(MultiDict(number.link).items(multi=True))


def check_all(reading, lines_of=12):
    """Compare every number with what its list is worth, and some lists with their lines; give the lists."""
    lists = {}
    for number in numbers(reading.sheet):
        key = key_of(number)
        if key not in lists:
            lists[key] = reading.records(MultiDict(number.link))
            if len(lists) % lines_of == 0:
                assert [line.id for line in lists[key].lines()] == lists[key].ids, key
        assert len(set(lists[key].ids)) == len(lists[key].ids), key
        assert number.value in _worths(lists[key]), key
    return lists


def _worths(found):
    """A list behind hours or money also stands behind the number of its records."""
    return (found.worth.value, len(found.ids))


def table(sheet, name):
    """The table of a report by its name."""
    return next(one for one in sheet.all_tables if one.id == name)


def narrowed(page, names):
    """The end of an address that takes the first choice of some filters of a page."""
    chosen = [page.soup.select_one(f"select[name={one}] option:not([value=''])")["value"] for one in names]
    return "?" + "&".join(f"{one}={value}" for one, value in zip(names, chosen, strict=True))
