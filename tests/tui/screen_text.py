"""What the terminal shows, as text."""

from textual._context import visible_screen_stack
from textual.app import App


def screen_text(app: App[None]) -> str:
    """The whole screen, line by line.

    The screens below a dialog are painted with it, as the app does: what is painted without them stays so in a cache.
    """
    visible_screen_stack.set(list(app._background_screens))
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)
