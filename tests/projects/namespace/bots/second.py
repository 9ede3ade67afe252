from bots.first import State, builder

graph = builder.compile()
