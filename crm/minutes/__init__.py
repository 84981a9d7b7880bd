"""Minutes of a talk: drafted, checked by those who were there, released for good, filed as a paper."""
