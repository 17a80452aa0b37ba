"""Calls by voice: recordings that ship with the desk, put in a row; no server elsewhere has a part in it.

`shelf` finds the recordings and joins them, `wave_files` reads and writes them, `speaking` has words spoken that no
recording says, such as the name of a counter; `recipes` and `sound` are how the recordings were made.
"""
