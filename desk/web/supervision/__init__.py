"""What supervisors see and do while the office works, and the file of one transaction."""
