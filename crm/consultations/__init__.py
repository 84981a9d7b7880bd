"""Advisory talks with any number of organisations."""
