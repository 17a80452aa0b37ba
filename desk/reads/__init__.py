"""What screens and reports show: one query module each, rows become frozen dataclasses, nothing is loaded lazily."""
