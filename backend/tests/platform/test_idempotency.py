"""Idempotency keys under rivalry, and long after the first answer."""
