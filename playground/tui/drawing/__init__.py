"""A graph's nodes and edges as text: `model` reads the API's drawing, `outline` draws it, `mermaid` exports it."""
