"""Opening offices: the first run, another office, all that one starts with, and trying it out."""
