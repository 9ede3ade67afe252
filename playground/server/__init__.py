"""The LangGraph API over HTTP: routes only."""
