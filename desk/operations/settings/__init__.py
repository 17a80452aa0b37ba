"""Setting what an office goes by: at once, or from a later day on; each change an event."""
