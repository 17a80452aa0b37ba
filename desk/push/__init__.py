"""Telling the world after a commit: wake-ups between processes, and the event streams that browsers hold open.

Nothing here changes anything, and nothing here may fail a commit: whoever committed says `hub.poke(office_id)` and goes
on. Streams carry event numbers and topics only; pages fetch what they may see.
"""
