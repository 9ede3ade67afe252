import langchain_no_such_provider

graph = langchain_no_such_provider.graph
