"""A terminal playground for LangGraph assistants."""
