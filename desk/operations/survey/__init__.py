"""Asking afterwards: the decision, the invitation, answers of every way in, tallies, publishing."""
