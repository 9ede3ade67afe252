"""Texts as vectors: how much of drinks, animals and weather is in them."""

WORDS = (("tea", "coffee", "thirsty"), ("cat", "dog", "pet"), ("rain", "sun", "cold"))


async def embed(texts: list[str]) -> list[list[float]]:
    if "unreachable" in texts:
        raise ConnectionError("no network")
    return [[sum(text.count(word) for word in words) or 0.01 for words in WORDS] for text in texts]
