"""The user's code: langgraph.json, graphs, schemas, drawings."""
