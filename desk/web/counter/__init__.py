"""The counter console, with what belongs to an officer's day: reception, shift, absences."""
