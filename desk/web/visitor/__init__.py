"""The visitor's phone: where the number stands, complaints, being asked no more."""
