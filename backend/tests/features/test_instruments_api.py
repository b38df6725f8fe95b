"""Instruments through the API: searched, looked at, and private where they are."""
