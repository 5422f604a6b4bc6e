"""A message as text: plain characters, the writer's own words, spelling, clauses."""
