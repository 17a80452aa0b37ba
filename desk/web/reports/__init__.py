"""Reports of any days, on the screen and as files: waits, work, fairness, coverage, follow-ups."""
