"""Several visits or patients in one message or conversation, told apart."""
