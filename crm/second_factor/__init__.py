"""The second factor: a code of an app beside the password, recovery codes, the second step at the door."""
