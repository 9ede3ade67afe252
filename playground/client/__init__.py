"""Talking to a LangGraph server."""
