"""Alerts: when a figure that is watched has crossed a line, and when that is news."""
