"""Proofs of the language-model part; no real model takes part, a scripted server stands in."""
