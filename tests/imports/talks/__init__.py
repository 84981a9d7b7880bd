"""Old lists of talks: invented ones, and the sample if it lies beside the project."""
