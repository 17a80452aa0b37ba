"""Sending what the domain queued: the worker, its back-off, the message, and the way out over SMTP.

Rows of `deliveries` are queued in the transaction of the event that asks for them (`desk.operations.survey.asking`);
everything after that happens here, outside of any office's lock. Used by `desk.app` and `desk.cli`.
"""
