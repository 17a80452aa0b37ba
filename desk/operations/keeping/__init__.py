"""Keeping and forgetting: retention, erasure, who looked, verifying and re-keying the trail."""
