"""Which minutes belong to which code, and who gave them."""
