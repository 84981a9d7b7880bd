"""Names as clerks type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.contacts.names import read_name


@pytest.mark.parametrize(
    ("text", "title", "first", "last", "function"),
    [
        ("Petra Henkel, Büroleitung", None, "Petra", "Henkel", "Büroleitung"),
        ("Petra Henkel (Büroleitung)", None, "Petra", "Henkel", "Büroleitung"),
        ("Petra Henkel – Büroleitung, Stab", None, "Petra", "Henkel", "Büroleitung, Stab"),
        ("Frau Dr. Ilse Rupp", "Dr.", "Ilse", "Rupp", None),
        ("Prof. Dr.-Ing. Karl Ott", "Prof. Dr.-Ing.", "Karl", "Ott", None),
        ("Dr. med. Eva Lang", "Dr. med.", "Eva", "Lang", None),
        ("Herr Weber", None, None, "Weber", None),
        ("Karl von der Heide", None, "Karl", "von der Heide", None),
        ("Ludwig Graf zu Solms", None, "Ludwig Graf", "zu Solms", None),
        ("Anna-Lena Müller-Lüdenscheidt", None, "Anna-Lena", "Müller-Lüdenscheidt", None),
        ("O'Brien", None, None, "O'Brien", None),
        ("X", None, None, "X", None),
        ("Frau", None, None, "Frau", None),
        ("Dr.", None, None, "Dr.", None),
        ("Mag Da", "Mag", None, "Da", None),
        ("Petra Henkel,", None, "Petra", "Henkel", None),
        (", Büroleitung", None, None, ", Büroleitung", "Büroleitung"),
    ],
)
def test_a_typed_name_is_taken_apart(text, title, first, last, function):
    name = read_name(text)
    assert (name.academic_title, name.first_name, name.last_name, name.function) == (
        title,
        first,
        last,
        function,
    )


@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_there_is_always_a_last_name(text):
    assert read_name(text).last_name.strip()
