from .graph import State, builder

graph = builder.compile()
