import langgraph.no_such_module

graph = langgraph.no_such_module.graph
