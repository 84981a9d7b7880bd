"""The audit for those who administer: looked at on screen, checked and sealed from the command line."""
