"""Backups and what is restored from them: one file each, made online, verified, encrypted on wish.

Takes values, not settings; `desk backup`, `desk restore` and the worker use it (docs/decisions/0015-backups.md).
"""
