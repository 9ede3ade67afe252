"""A graph for each shape that a drawing has to show."""

from typing import Any, Literal

from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.types import Command, Send

NAMES = "[/bold] [red]x[/] \x1b[31mred\x07 \u202egnp.exe {0}\nsecond line"


def step(state: MessagesState) -> dict[str, Any]:
    return {}


def linked(*edges: tuple[str, str], **actions: Any) -> StateGraph[MessagesState]:
    """A builder with these edges and their nodes, which do nothing if `actions` doesn't say what."""
    builder = StateGraph(MessagesState)
    for name in dict.fromkeys(name for edge in edges for name in edge):
        if name not in (START, END):
            builder.add_node(name, actions.get(name, step))
    for start, end in edges:
        builder.add_edge(start, end)
    return builder


def chained(*names: str) -> StateGraph[MessagesState]:
    return linked(*zip((START, *names), (*names, END), strict=True))


def decide(state: MessagesState) -> Literal["refund", "answer"]:
    return "answer"


def works(state: MessagesState) -> Literal["yes", "no"]:
    return "yes"


def spread(state: MessagesState) -> list[Send]:
    return [Send("question", state)]


def supervise(state: MessagesState) -> Command[Literal["search", "write", "review", "publish", "__end__"]]:
    return Command(goto=END)


def make_branch() -> StateGraph[MessagesState]:
    builder = linked((START, "classify"), ("refund", "close"), ("answer", "close"), ("close", END))
    builder.add_conditional_edges("classify", decide)
    return builder


def make_loop() -> StateGraph[MessagesState]:
    builder = linked((START, "agent"), ("tools", "agent"))
    builder.add_conditional_edges("agent", works, {"yes": "tools", "no": END})
    return builder


def make_fan() -> StateGraph[MessagesState]:
    builder = linked((START, "split"), ("split", "left"), ("split", "middle"), ("split", "right"), ("sum", END))
    builder.add_edge(["left", "middle", "right"], "sum")
    builder.add_node("question", step)
    builder.add_conditional_edges("right", spread, ["question"])
    builder.add_edge("question", "sum")
    return builder


def make_many() -> StateGraph[MessagesState]:
    workers = ("search", "write", "review", "publish")
    return linked((START, "supervisor"), *((worker, "supervisor") for worker in workers), supervisor=supervise)


def make_nested() -> StateGraph[MessagesState]:
    inner = make_loop().compile()
    middle = linked((START, "plan"), ("plan", "inner"), ("inner", "check"), ("check", END), inner=inner)
    return linked((START, "ask"), ("ask", "middle"), ("middle", "answer"), ("answer", END), middle=middle.compile())


def make_sixty() -> StateGraph[MessagesState]:
    """Ten stages of six: a fork into four, one of which tries again, and a join."""
    edges: list[tuple[str, str]] = []
    before = START
    for stage in range(10):
        fork, join = f"stage_{stage}", f"join_{stage}"
        workers = [f"worker_{stage}_{number}" for number in range(4)]
        edges += [(before, fork), *((fork, worker) for worker in workers), *((worker, join) for worker in workers)]
        before = join
    builder = linked(*edges, (before, END))
    for stage in range(1, 10):
        builder.add_conditional_edges(f"join_{stage}", works, {"yes": f"stage_{stage}", "no": "stage_0"})
    return builder


chain = chained("plan", "write", "check").compile()
branch = make_branch().compile()
loop = make_loop().compile()
fan = make_fan().compile()
many = make_many().compile()
nested = make_nested().compile()
sixty = make_sixty().compile()
hostile = chained(
    NAMES, "a_name_that_is_longer_than_any_pane_of_a_terminal_will_ever_be_wide", "日本語のノード"
).compile()
