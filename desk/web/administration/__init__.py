"""What administrators and supervisors set: offices, services, counters, staff, calendars, messages; and who did."""
