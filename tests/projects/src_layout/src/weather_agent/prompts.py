SYSTEM = "You know the weather."
