"""Pictures whose geometry is computed here and which the templates draw as SVG."""
