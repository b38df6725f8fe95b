"""Truenav: a portfolio tracker and financial planner whose numbers a person can check."""

__version__ = "0.1.0"
