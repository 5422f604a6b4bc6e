"""A message told more plainly before it is read: no fact is added or dropped."""
