"""Inputs nobody would write on purpose: no exception reaches the user, none takes long."""
