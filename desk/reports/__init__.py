"""Reports: what happened in an office, counted. Knows the tables and the rules; no Flask. Imported lazily (numpy is large)."""
