"""A small grammar of who gave how many minutes of what; what it does not read whole it leaves."""
