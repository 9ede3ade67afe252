"""A small lamp shop: its orders, and the tools that support has for them."""

import json
import zlib
from typing import Any

from langchain_core.tools import BaseTool, tool

_ITEMS = (
    ("walnut desk lamp", 42.00),
    ("paper moon lantern", 18.50),
    ("brass floor lamp", 180.00),
    ("set of six candles", 24.00),
    ("porcelain table lamp", 96.00),
    ("string of fairy lights", 12.90),
)
_STATES = (
    "was delivered on Tuesday",
    "is on its way and arrives tomorrow",
    "is packed and leaves today",
    "was delivered last week",
)
_HELP = {
    (
        "return",
        "exchange",
        "refund",
        "money",
    ): "Anything may come back within 30 days. Refunds go to the card that paid.",
    ("ship", "deliver", "parcel", "long"): "Parcels take two to four days. Shipping is free from $50.",
    ("warranty", "broken", "repair"): "Every lamp has a warranty of three years. Bulbs have one of six months.",
    ("open", "hour", "phone", "visit"): "The shop is open from Tuesday to Saturday, 10 to 18 o'clock.",
    ("pay", "card", "invoice"): "We take cards and bank transfer. The invoice comes by e-mail.",
}
_KNOWN = {"4411": (0, 0), "1234": (2, 0), "5150": (4, 1)}


def find_order(order_id: str) -> dict[str, Any]:
    """An order by its number. Every number is one, and always the same one: the shop has no database."""
    key = order_id.strip().lstrip("#").upper()
    code = zlib.crc32(key.encode("utf-8", "surrogatepass"))
    item, state = _KNOWN.get(key, (code % len(_ITEMS), code // 7 % len(_STATES)))
    name, amount = _ITEMS[item]
    return {"order_id": key, "item": name, "amount": amount, "status": _STATES[state]}


@tool
def lookup_order(order_id: str) -> str:
    """Look up an order by its number: the item, its price and the state of the order."""
    order = find_order(order_id)
    summary = f"Order {order['order_id']}, a {order['item']} for ${order['amount']:.2f}, {order['status']}."
    return json.dumps({**order, "summary": summary})


@tool
def track_parcel(order_id: str) -> str:
    """Say where the parcel of an order is."""
    order = find_order(order_id)
    return json.dumps({**order, "summary": f"The parcel of order {order['order_id']} {order['status']}."})


@tool
def search_help(question: str) -> str:
    """Search the shop's help pages: returns, shipping, warranty, opening hours, payment."""
    text = question.lower()
    found = [answer for words, answer in _HELP.items() if any(word in text for word in words)]
    summary = " ".join(found[:2]) or "The help pages say nothing about that."
    return json.dumps({"pages": len(found), "summary": summary})


@tool
def refund_order(order_id: str, amount: float, reason: str = "") -> str:
    """Refund an amount, in dollars, of an order to the customer."""
    order = find_order(order_id)
    if not 0 < amount <= order["amount"]:
        problem = f"Order {order['order_id']} cost ${order['amount']:.2f}: a refund of ${amount:.2f} is not possible."
        return json.dumps({"refunded": 0, "summary": problem})
    summary = f"I have refunded ${amount:.2f} for order {order['order_id']}. It is back on the card within three days."
    return json.dumps({"order_id": order["order_id"], "refunded": amount, "reason": reason, "summary": summary})


TOOLS: dict[str, BaseTool] = {tool.name: tool for tool in (lookup_order, track_parcel, search_help, refund_order)}
