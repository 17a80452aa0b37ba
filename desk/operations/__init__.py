"""What people do: one verb, one database transaction, at least one event."""
