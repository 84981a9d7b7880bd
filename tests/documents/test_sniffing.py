"""What a file is, whatever its name says: a table of good and of bad ones."""

import random
import time
import tracemalloc
import zipfile

import pytest

from crm.documents.sniffing import kind_of
from tests.documents.files import BAD, DOCX_PART, GOOD, docx, listed, packed, pdf, png, xlsx


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_told_by_its_inside(name):
    content, ending, media_type = GOOD[name]
    found = kind_of(content)
    assert found is not None
    assert found.media_type == media_type
    assert found.endings[0] == ending


@pytest.mark.parametrize("name", BAD)
def test_anything_else_is_none_of_them(name):
    begin = time.process_time()
    assert kind_of(BAD[name]) is None
    assert time.process_time() - begin < 1


def test_a_list_that_is_not_packed_is_read_and_a_damaged_one_refused():
    content = packed(("[Content_Types].xml", listed(DOCX_PART)), method=zipfile.ZIP_STORED)
    assert kind_of(content) is not None
    place = content.index(b"[Content_Types].xml") + 19
    assert kind_of(content[:place] + b"\xff" * 60 + content[place + 60 :]) is None


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_list_that_swells_takes_no_memory(method):
    content = packed(("[Content_Types].xml", b"x" * 100_000_000), ("a", "b"), method=method)
    tracemalloc.start()
    assert kind_of(content) is None
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(method):
    assert kind_of(packed(("[Content_Types].xml", listed(DOCX_PART)), method=method)) is None


@pytest.mark.parametrize("seed", range(300))
def test_no_damage_makes_trouble(seed):
    dice = random.Random(seed)
    content = bytearray(dice.choice([docx(), xlsx(), pdf(), png(), *BAD.values()])[:5000])
    for _change in range(dice.randrange(1, 20)):
        content[dice.randrange(len(content))] = dice.randrange(256)
    kind_of(bytes(content[: dice.randrange(len(content) + 1)]))
    kind_of(bytes(content))


def test_an_encrypted_list_is_refused():
    listing = b"PK\x01\x02\x14\x03\x14\x00"
    assert listing + b"\x00\x00" in docx()
    assert kind_of(docx().replace(listing + b"\x00\x00", listing + b"\x01\x00")) is None
