"""What was done, in the user's words: cues and likeness, to answers for the chart."""
