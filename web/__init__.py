"""Every entrance: the chat page and the JSON routes."""
