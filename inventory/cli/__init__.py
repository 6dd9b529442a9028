"""The terminal's door: `flask …`."""
