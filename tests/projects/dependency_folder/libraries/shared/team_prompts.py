PROMPT = "Be brief."
