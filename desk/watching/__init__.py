"""Watching a desk: signs of life of its workers, whether it is ready, and figures for Prometheus.

Above the reports, below the pages that answer with it. No Flask here.
"""
