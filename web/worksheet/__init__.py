"""The visit worksheet: a form for those who would rather click than type."""
