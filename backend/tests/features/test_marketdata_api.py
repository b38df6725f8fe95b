"""Prices and events through the API: raw, adjusted, missing, in bulk."""
