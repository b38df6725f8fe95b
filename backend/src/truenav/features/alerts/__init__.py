"""Alerts: rules of a tenant, what they saw, and who is told."""
