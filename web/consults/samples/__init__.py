"""Mails such as clinics write, for trying the desk and for its tests; every name is made up."""

from pathlib import Path

SAMPLES = tuple(sorted(Path(__file__).parent.glob("*.eml")))
