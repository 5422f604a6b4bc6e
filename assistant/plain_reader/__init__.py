"""The default way of answering, without a model: words to facts, facts to tools, to sentences."""
