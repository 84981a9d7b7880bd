"""What was handed out: which version of which material went to whom, on which occasion, by which way."""
