"""Lists of people: read, compared with those who are known, taken over, taken back."""
