"""Reports: what happened in an office, counted. No Flask here; numpy is large, so these are imported late."""
