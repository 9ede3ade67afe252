"""What the script can say. `{topic}` fits after a preposition, so that any words of a user read well there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aspect:
    """A side of a topic: as a heading, as a question, and as the sentences about it."""

    heading: str
    question: str
    sentences: tuple[str, ...]


ASPECTS = (
    Aspect(
        "Where to begin",
        "What is the best way to start with {topic}?",
        (
            "The best way into {topic} is a small one.",
            "Pick a single corner, give it twenty minutes, and write down what surprised you.",
            "That note is worth more than a week of reading, because it is yours.",
            "Everything you learn later will have a place to attach itself to.",
        ),
    ),
    Aspect(
        "What most people miss",
        "What do most people overlook about {topic}?",
        (
            "Most people look at {topic} once and believe they have seen it.",
            "What they miss are the details that only show on the second visit.",
            "An expert is often just someone who came back one time more than everybody else.",
            "Slow down at the part that seems obvious; that is where the good questions live.",
        ),
    ),
    Aspect(
        "Why it matters",
        "Why does it pay to care about {topic}?",
        (
            "Caring about {topic} pays off in ordinary moments, not in grand ones.",
            "It changes what you notice on a Tuesday, and what you choose when nobody is watching.",
            "Small choices of that kind add up faster than plans do.",
            "A year from now, the difference is plain to see.",
        ),
    ),
    Aspect(
        "The people behind it",
        "Who makes the difference in {topic}?",
        (
            "Behind {topic} there are people who cared before it was popular.",
            "They tried things, kept what worked, and quietly threw away the rest.",
            "Ask one of them, and you will rarely get a theory.",
            "You will get a story, and the story is the better lesson.",
        ),
    ),
    Aspect(
        "The usual mistakes",
        "Which mistakes are common with {topic}?",
        (
            "The usual mistake with {topic} is to want everything at once.",
            "More tools, more options and more opinions rarely help anyone in the first month.",
            "Leave out half, and see whether anything is missing.",
            "If nothing is, leave out half of what remains.",
        ),
    ),
    Aspect(
        "What it costs",
        "What does it cost to take {topic} seriously?",
        (
            "Nothing about {topic} is free, yet the price is mostly time.",
            "Ten minutes a day beat a whole Sunday once a season.",
            "Money helps late rather than early, when you know exactly what for.",
            "Until then, attention is the better currency.",
        ),
    ),
    Aspect(
        "A concrete example",
        "What is a good example of {topic} done well?",
        (
            "Take one example of {topic} that you like, and look at it closely.",
            "Which part could go without anybody noticing, and which part carries all the weight?",
            "Change exactly that part, and look again.",
            "This little exercise takes a quarter of an hour and teaches more than a list of rules.",
        ),
    ),
    Aspect(
        "How it changed",
        "How has {topic} changed over the years?",
        (
            "The story of {topic} is one of steady change, with a few sudden jumps.",
            "Every generation believed that its own way was the final one.",
            "What survived were the plain parts: the ones that are easy to explain and hard to break.",
            "That is a good hint about what will still be here tomorrow.",
        ),
    ),
    Aspect(
        "What speaks against it",
        "What speaks against {topic}?",
        (
            "There are honest objections to {topic}, and they deserve an answer.",
            "Some find it slow, some find it fussy, and on a bad day both are right.",
            "The answer is not to argue but to choose where it fits.",
            "Where it doesn't fit, leave it alone and lose nothing.",
        ),
    ),
    Aspect(
        "How to tell good from bad",
        "How can one tell good from bad in {topic}?",
        (
            "Good work in {topic} looks easier than it was.",
            "You notice it by what is absent: no noise, no hurry, nothing that needs an excuse.",
            "Bad work explains itself at length.",
            "When in doubt, trust the example that needs fewer words.",
        ),
    ),
    Aspect(
        "A habit worth keeping",
        "Which habit helps most with {topic}?",
        (
            "One habit helps more with {topic} than any talent: finishing.",
            "A small thing that is done can be looked at, shared and improved.",
            "A big thing that is almost done can only be explained.",
            "So set the bar low, step over it every day, and raise it in spring.",
        ),
    ),
    Aspect(
        "What comes next",
        "What comes next for {topic}?",
        (
            "Nobody knows what comes next for {topic}, and that is the fun of it.",
            "The signs point to fewer grand promises and more careful craft.",
            "Keep an eye on the newcomers: they still ask why.",
            "With some luck, one of them is reading this.",
        ),
    ),
)

SUBJECTS = (
    "A beginner",
    "A careful reader",
    "Somebody in a hurry",
    "A good teacher",
    "An old hand",
    "A sceptic",
    "A curious neighbour",
    "Anyone on a small budget",
    "A team of two",
    "A person who likes order",
    "A night owl",
    "A visitor",
)
OUTCOMES = (
    "finds the first answer to {topic} close to home",
    "gets more from {topic} by asking than by guessing",
    "sees in {topic} what the rest walk past",
    "does well to take notes on {topic}",
    "will want to try {topic} twice before judging",
    "can explain {topic} with a pencil and a napkin",
    "learns {topic} fastest next to somebody patient",
    "returns to {topic} with better questions",
    "keeps the simple parts of {topic} and drops the rest",
    "needs one good example of {topic}, not ten",
    "makes peace with the slow side of {topic}",
    "laughs about the first attempt at {topic} later",
)

OPENERS = {
    "neutral": (
        "There is more to {topic} than a first look shows.",
        "Here is a short, plain look at {topic}.",
        "Three things are worth knowing about {topic}.",
        "It helps to know a little about {topic} before having an opinion.",
    ),
    "friendly": (
        "Pull up a chair: let's talk about {topic}.",
        "Good to have you here! Today it is all about {topic}.",
        "If you are new to {topic}, you are in good company.",
        "Let me share something I like about {topic}.",
    ),
    "formal": (
        "The following remarks give an overview of {topic}.",
        "This text considers {topic} and its practical consequences.",
        "A sober assessment of {topic} begins with its basics.",
        "It is appropriate to examine {topic} with some care.",
    ),
    "witty": (
        "I promised myself not to write about {topic} before breakfast, and here we are.",
        "Rumour has it that nobody ever regretted {topic}. Rumour clearly never tried it on a Monday.",
        "Everybody has an opinion about {topic}. Some even have a reason.",
        "Warning: after this text you will bring up {topic} at parties.",
    ),
    "enthusiastic": (
        "I can't wait to tell you about {topic}!",
        "Get ready: {topic} deserves your full attention!",
        "What a joy it is to write about {topic}!",
        "Stop everything. We need to talk about {topic}!",
    ),
}
CLOSERS = {
    "neutral": (
        "That is the whole trick: start small, look closely, and come back.",
        "Start with one step today; the second one is easier.",
        "Keep what works for you, and leave the rest.",
    ),
    "friendly": (
        "Give it a try, and tell me how it went.",
        "Take your time. It will still be there tomorrow.",
        "And if it doesn't work out at once: it never does, for any of us.",
    ),
    "formal": (
        "In conclusion, a measured approach is recommended.",
        "Further consideration is left to the reader.",
        "On balance, the benefits outweigh the effort.",
    ),
    "witty": (
        "If all else fails, nod wisely and change the subject.",
        "You may now return to your regular procrastination.",
        "Results may vary; bragging rights don't.",
    ),
    "enthusiastic": (
        "Go and try it today, you will love it!",
        "This is only the beginning, and it gets better from here!",
        "Your future self will thank you!",
    ),
}
WILD = (
    "Picture {topic} as a kettle about to sing: nothing moves, and everything is about to.",
    "On some nights {topic} feels like a lighthouse that has learned to whistle.",
    "I once followed {topic} down a staircase that was not there the day before.",
    "Think of {topic} as a map drawn by somebody who was in love with the river.",
)
TWEETS = {
    "neutral": (
        "The best way into {topic}: start small, look twice, keep notes.",
        "One thing about {topic}: the details show on the second look.",
        "You don't need more tools for {topic}. You need twenty quiet minutes.",
        "Most of what matters in {topic} fits on a napkin. The rest is practice.",
    ),
    "friendly": (
        "New to {topic}? Start small, be kind to yourself, and tell us how it went.",
        "A little reminder: you are allowed to enjoy {topic} without being good at it.",
        "Coffee, a quiet corner, and {topic}. That's the whole plan for today.",
    ),
    "formal": (
        "A brief observation on {topic}: careful first steps outperform ambitious plans.",
        "On {topic}: sound practice rests on few principles, consistently applied.",
        "With regard to {topic}, attention to detail remains the decisive factor.",
    ),
    "witty": (
        "My relationship with {topic}: it's complicated, and I have slides.",
        "Nobody: … Me, at 2 a.m.: let me tell you about {topic}.",
        "I read everything about {topic} so you don't have to. You're welcome. I'm tired.",
    ),
    "enthusiastic": (
        "Can we talk about {topic}? Because wow!",
        "Today is the day you try {topic}. Go, go, go!",
        "Absolutely in love with {topic} right now!",
    ),
}
HEADLINES = (
    "{topic}: The Small Steps That Change Everything",
    "What Nobody Tells You About {topic}",
    "A Second Look at {topic}",
    "{topic}, Explained on a Napkin",
)
HAIKUS = (
    "{Topic} —\nquiet steps on morning grass,\nthe day learns its name",
    "Thinking of {topic}:\none leaf turns without the wind,\nthe pond looks away",
    "{Topic}, at dusk\na lamp goes on in the house,\nsomeone hums a tune",
)
POEMS = (
    "I went to look for {topic},\nand found an open door,\na table with a reading lamp\nand room for one chair more.",
    "They asked me about {topic},\nI pointed at the rain:\nit never says a thing again,\nyet always comes again.",
    "If {topic} were a melody,\nI'd hum it on the stair,\nand people passing by would ask\nwho left the music there.",
)
STORY = (
    "On the last tram of the evening, a woman opened a notebook and wrote a single line: {topic}.",
    "The driver saw it in the mirror. “My grandmother knew all about that,” he said.",
    "“What did she say?”",
    "“That you have to begin before you are ready, and stop before you are tired.”",
    "They rode on in silence, past the river and the bakery that was already warm.",
    "At the last stop she tore out the page and gave it to him.",
    "He keeps it above the speedometer, and on slow nights he reads the line again: {topic}.",
)
ROLES = {
    "tweet": "a tweet",
    "haiku": "a haiku",
    "poem": "a poem",
    "headline": "a headline",
    "email": "an e-mail",
    "list": "a list",
    "summary": "a summary",
    "story": "a story",
    "blog": "a blog post",
    "text": "a text",
}
ADMISSIONS = (
    "I answer from a script: I can show how a reply would sound, but I know nothing about the matter itself.",
    "To be honest, these words come from a script. They show the style that the prompt asks for, not facts.",
    "This is a scripted reply, made to show what a prompt changes; for the facts, choose a real model.",
)


def known_question(text: str) -> tuple[Aspect, str] | None:
    """The aspect that a question of ours asks about, and the topic in it; None for any other text."""
    for aspect in ASPECTS:
        before, after = aspect.question.split("{topic}")
        if text.startswith(before) and text.endswith(after) and len(text) > len(before) + len(after):
            return aspect, text[len(before) : len(text) - len(after)]
    return None
