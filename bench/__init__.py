"""Benchmarks: what the desk does per second on this machine, beside what the machine could do at best."""
