"""Look-ups: the codes, one by one and side by side, and the edits between them."""
