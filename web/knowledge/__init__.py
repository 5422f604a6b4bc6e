"""What is known here: sources, guides, added documents, disputes, and how old each table is."""
