"""Texts spoilt by chance: taken apart, doubled, mixed with others; the same seed gives the same ones."""

import random

NASTY = (
    "\x00", "\u202e", "\ud7ff", "\ufffe", "\u00a0", "%", "_", "\\", "*", "'", '"', "„", "(", ")", "[",
    "{{", "<b>", ":", "::", ",", ";", "/", "-", "–", "½", "\u0661", "９", "9" * 40, "-0", "1e400", "NaN",
    "e\u0301", "ß", "ẞ", "\n", "\t", "\r\n", "AND", "OR", "NEAR(", "NOT", "WV", "KW", "von:", "am:",
    "art:", "#", "@", "😀", "👨‍👩‍👧",
)  # fmt: skip


def share(number, engine_name):
    """How many of the spoilt inputs a database gets: SQLite all, PostgreSQL a tenth with a seed of its own.

    They test what reads them, and that is the same code; what reaches the database is little and alike.
    """
    return number if engine_name == "sqlite" else number // 10


def texts(seeds, number, seed=1):
    """Give so many spoilt texts made of some good ones."""
    chance = random.Random(seed)
    for _turn in range(number):
        text = chance.choice(seeds)
        for _change in range(chance.randint(1, 4)):
            text = _spoilt(text, seeds, chance)
        yield text[:3000]


def _spoilt(text, seeds, chance):
    begin, end = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
    return chance.choice(
        (
            text[:begin] + text[end:],
            text[:begin] + text[begin:end] * 2 + text[end:],
            text[:begin] + chance.choice(NASTY) + text[begin:],
            text[:begin] + chance.choice(seeds) + text[end:],
            text[:begin] + "".join(chance.sample(text[begin:end], end - begin)) + text[end:],
            text[end:] + text[:begin],
        )
    )
