"""Reads documents in, and builds what the library searches."""
