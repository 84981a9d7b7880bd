"""Draw the font of last resort, a box for every character, so that no text can stop the making of a PDF.

A few thousand glyphs of the same look keep neighbouring characters apart when the text is copied out again.
"""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

TARGET = Path(__file__).resolve().parent.parent / "crm" / "typeset" / "box.ttf"
FAMILY, GLYPHS, WIDTH = "KIKZ Box", 2048, 600
OUTER = [(60, -100), (60, 700), (540, 700), (540, -100)]
INNER = [(100, -60), (500, -60), (500, 660), (100, 660)]


def box():
    """Draw the box."""
    pen = TTGlyphPen(None)
    for first, *others in (OUTER, INNER):
        pen.moveTo(first)
        for point in others:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def copy():
    """Draw the box once more by naming it."""
    pen = TTGlyphPen({".notdef": None})
    pen.addComponent(".notdef", (1, 0, 0, 1, 0, 0))
    return pen.glyph()


def characters(names):
    """Give every character from the blank on one of the glyphs."""
    table = CmapSubtable.newSubtable(12)
    table.platformID, table.platEncID = 3, 10
    table.format, table.reserved, table.length, table.language, table.nGroups = 12, 0, 0, 0, 0
    surrogates = range(0xD800, 0xE000)
    table.cmap = {one: names[one % GLYPHS] for one in range(0x20, 0x110000) if one not in surrogates}
    return table


def font():
    """Put the font together; its bytes depend on nothing but this file."""
    names = [f"box{number}" for number in range(GLYPHS)]
    order = [".notdef", *names]
    built = FontBuilder(1000, isTTF=True)
    built.setupGlyphOrder(order)
    built.setupCharacterMap({})
    built.setupGlyf({".notdef": box()} | {name: copy() for name in names}, calcGlyphBounds=False)
    built.setupHorizontalMetrics(dict.fromkeys(order, (WIDTH, OUTER[0][0])))
    built.setupHorizontalHeader(ascent=800, descent=-200)
    built.setupNameTable(
        {"familyName": FAMILY, "styleName": "Regular", "fullName": FAMILY, "psName": "KIKZBox"}
    )
    built.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    built.setupPost(keepGlyphNames=False)
    built.font["cmap"].tables = [characters(names)]
    built.font["head"].created = built.font["head"].modified = 0
    built.font.recalcTimestamp = False
    return built.font


if __name__ == "__main__":
    font().save(TARGET)
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")
