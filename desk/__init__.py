"""A service desk: queue numbers, custody through every handoff, and a survey tied to each transaction."""

__version__ = "0.1.0"
