"""Complaints and follow-ups: taken in, stepped, escalated, told."""
