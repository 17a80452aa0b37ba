"""What hangs and stands in the lobby: displays, paired devices, printers."""
