"""The JSON routes, one file a subject; `web.api` gathers them."""
