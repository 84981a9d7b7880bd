"""The timeline of an organisation: all that has a day and has to do with it, in one order."""
