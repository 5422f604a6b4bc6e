"""How well identifiers are masked: synthetic notes with labels, and clean scenarios."""
