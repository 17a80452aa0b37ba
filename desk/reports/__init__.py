"""Reports: what happened in an office, counted. No Flask here; numpy is large, so that these are imported where needed."""
