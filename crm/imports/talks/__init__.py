"""Old lists of talks: read, asked about, taken over, taken back."""
