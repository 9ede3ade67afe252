"""A run's life: queue, start, stream, cancel, resume."""
