"""Forms made from JSON schemas: from schema and document to fields, text and problems. Pure: no Textual here."""
