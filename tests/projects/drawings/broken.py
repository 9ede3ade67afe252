"""A graph that can't be imported."""

raise RuntimeError("no [/key] for \x1b[31mthe model")
