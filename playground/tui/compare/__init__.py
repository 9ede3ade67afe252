"""A comparison without its widgets: its sides, what is sent to them, what is kept of it."""
