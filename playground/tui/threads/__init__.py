"""Threads: what its screen shows, apart from the widgets that show it."""
