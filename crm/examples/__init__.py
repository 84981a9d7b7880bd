"""Who has done it before: the finder, practice examples, and to whom somebody was referred."""
