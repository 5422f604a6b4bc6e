"""A question in, a cited answer out: coding and billing of US outpatient therapy."""

__version__ = "0.1.0"
