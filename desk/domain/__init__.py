"""The rules of the desk: pure functions over plain values, standard library only.

Nothing here reads a clock, a database, a random number or a request; times are passed in as aware datetimes.
"""
