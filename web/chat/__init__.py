"""The chat: conversations kept, and their pages."""
