"""The quick line: one typed line becomes a logged talk; what is unclear in it is asked, never guessed."""
