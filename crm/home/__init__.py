"""The first page, and the pages every site must have."""
