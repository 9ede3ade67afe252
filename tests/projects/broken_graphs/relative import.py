from . import works

graph = works.graph
