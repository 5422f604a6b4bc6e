"""From facts to an answer: tools called, findings worded."""
