"""Services, staff and calendars as tables: exporting them, and taking a file over after showing what it would do.

What a file would do is found by doing it, in a unit that is rolled back. Confirmed is a digest of what was shown: the
file is carried out in one unit that must come to the same, else nothing happens and what it would do now is shown.
"""
