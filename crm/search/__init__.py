"""One box over everything: an index of all records, a language to ask in, hits, and the palette."""
