"""The HTML faces of the desk, a folder each; what they share is here."""
