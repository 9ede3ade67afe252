raise RuntimeError("never loads")
