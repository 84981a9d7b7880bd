"""How long what is kept, what happens then, and the protocol of what went."""
