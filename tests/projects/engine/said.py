"""What a test changes."""

WORD = "old"
