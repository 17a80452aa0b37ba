"""Taking a number: at the kiosk, through the code at the door, and coming back for something still open."""
