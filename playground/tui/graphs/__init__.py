"""What there is to say about a graph, as text."""
