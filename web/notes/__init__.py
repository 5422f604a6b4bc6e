"""Checking a note against what the billed codes need."""
