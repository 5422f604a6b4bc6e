"""What a later message does to what was told before."""
