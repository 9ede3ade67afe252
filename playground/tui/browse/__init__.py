"""What Browse lists: read, filtered, sorted, as rows. No widgets here."""
