"""The default reader: words to facts, facts to tools, findings to sentences. No model, no network."""
