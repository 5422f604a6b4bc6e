"""Many visits at once: a file of visits reviewed in the background."""
