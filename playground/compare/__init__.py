"""Pure comparisons: configuration, text, path."""
