"""Reads CMS's own quarterly and yearly files into the tables' folder."""
