"""Four sample graphs that run offline: writer, support, research, classify."""
