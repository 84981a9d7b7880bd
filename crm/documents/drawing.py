"""Pictures of the pages of a file: a program of its own, so that no file takes the one along that draws it.

`python drawing.py MEDIA_TYPE` reads a file from its input. It writes one line of JSON, the number of pages
and of each picture width, height and length, and then the pictures, all of them PNGs that were made here:
nothing of the file itself gets into them but what can be seen.
"""

import json
import os
import resource
import struct
import sys
import time
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

WIDTH, MOST_HEIGHT, MOST_PAGES, MOST_BYTES = 1000, 3000, 30, 12_000_000
# After ENOUGH no further page is begun: those that were drawn are worth more than none.
ENOUGH, SECONDS, MEMORY = 20, 40, 2_000_000_000
_IMAGES = {"image/png": "png", "image/jpeg": "jpg"}
KINDS = frozenset({"application/pdf", *_IMAGES})
_GREY, _COLOUR = 0, 2


def draw(content: bytes, media_type: str) -> tuple[int, list[tuple[int, int, bytes]]]:
    """Give the number of pages, and width, height and picture of the first; raises what its readers raise."""
    if media_type != "application/pdf":
        return 1, _fitting([_image(content, _IMAGES[media_type])])
    # The programs beside never need it.
    import pypdfium2

    with pypdfium2.PdfDocument(content) as document:
        return len(document), _fitting(_pages(document))


def _fitting(pictures: Iterable[tuple[int, int, bytes]]) -> list[tuple[int, int, bytes]]:
    """Take pictures as long as there is room and time for them."""
    found, size = [], 0
    for picture in pictures:
        size += len(picture[2])
        if size > MOST_BYTES:
            break
        found.append(picture)
        if time.process_time() > ENOUGH:
            break
    return found


def _pages(document: Any) -> Iterator[tuple[int, int, bytes]]:
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        width, height = page.get_size()
        scale = min(WIDTH / max(width, 1), MOST_HEIGHT / max(height, 1))
        bitmap = page.render(scale=scale, rev_byteorder=True, maybe_alpha=False, prefer_bgrx=False)
        yield bitmap.width, bitmap.height, _png(bitmap)
        bitmap.close()
        page.close()


def _png(bitmap: Any) -> bytes:
    """Write a picture of RGB; one without colours takes a third of the room."""
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    pixels, wide = bytes(bitmap.buffer), 3 * width
    rows = [pixels[start : start + wide] for start in range(0, stride * height, stride)]
    colour = _COLOUR
    if all(row[0::3] == row[1::3] == row[2::3] for row in rows):
        rows, colour = [row[0::3] for row in rows], _GREY
    packed = zlib.compress(b"".join(b"\x00" + row for row in rows), 9)
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _image(content: bytes, ending: str) -> tuple[int, int, bytes]:
    """Draw a picture anew, on white; what else its file holds (place, camera, words) stays behind."""
    import typst

    file = os.memfd_create("picture")
    os.write(file, content)
    _write_no_more()
    page = (
        "#set page(width: auto, height: auto, margin: 0pt, fill: white)\n"
        f'#let picture = image.with("/{file}", format: "{ending}")\n'
        "#context { let size = measure(picture())\n"
        f"picture(width: calc.min({WIDTH}pt, {MOST_HEIGHT}pt * (size.width / size.height))) }}"
    )
    # Its types know only words for both of them.
    source: Any = page.encode()
    made: bytes = typst.compile(source, root="/proc/self/fd", format="png", ppi=72, ignore_system_fonts=True)
    width, height = struct.unpack(">II", made[16:24])
    return width, height, made


def _write_no_more() -> None:
    """From now on this program writes no file; its answer goes through a pipe."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> None:
    """Draw one file within limits; none is written but the one in memory that a picture is read from."""
    if sys.argv[1] not in _IMAGES:
        _write_no_more()
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    pages, pictures = draw(sys.stdin.buffer.read(), sys.argv[1])
    told = {"pages": pages, "pictures": [[width, height, len(one)] for width, height, one in pictures]}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
    for *_size, one in pictures:
        sys.stdout.buffer.write(one)


if __name__ == "__main__":
    main()
