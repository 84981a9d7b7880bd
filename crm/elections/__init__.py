"""Elections: who holds which office afterwards is confirmed or replaced, Kommune by Kommune."""
