"""Exceptions of the user's code, in one sentence each and with the part of the traceback that is theirs."""

import importlib.util
import re
import traceback
from pathlib import Path
from types import TracebackType

from playground.graphs.manifest import GraphSpec

_OURS = str(Path(__file__).parents[1])
_SAMPLES = str(Path(__file__).parents[1] / "sample_graphs")  # the demo of an installed package
_INSTALLED = re.compile(r"[\\/](?:site-packages|dist-packages|lib[\\/]python[\d.]+)[\\/]", re.IGNORECASE)
_DISTRIBUTIONS = {
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dotenv": "python-dotenv",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
"""Where the package that has a module is named differently."""


def explain_import(error: BaseException, spec: GraphSpec, root: Path) -> str:
    """Why importing a graph failed, and what to do."""
    match error:
        case ModuleNotFoundError(name=str(name)) if name:
            return _missing_module(name, spec, root)
        case ImportError() if "no known parent package" in str(error):
            return (
                f"{spec.module} uses a relative import, but is not in a package: "
                "add an empty __init__.py to its folder, or import the module by its name."
            )
        case SyntaxError():
            where = Path(error.filename).name if error.filename else spec.module
            return f"{type(error).__name__} in {where}, line {error.lineno or '?'}: {_line(error.msg)}."
        case SystemExit():
            return f"{spec.module} ends the program while it is imported (SystemExit: {_line(str(error.code))})."
    return f"Importing {spec.module} failed{_where(error)}: {describe(error)}"


def explain_call(error: BaseException, spec: GraphSpec) -> str:
    """Why calling a graph's factory failed."""
    if isinstance(error, SystemExit):
        return f"The factory {spec.attribute} ends the program (SystemExit: {_line(str(error.code))})."
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"The factory {spec.attribute} needs the module {error.name!r}: {_install(error.name)}."
    return f"The factory {spec.attribute} failed{_where(error)}: {describe(error)}"


def describe(error: BaseException) -> str:
    """`ValueError: what it says`, in one line."""
    text = _line(str(error))
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def traceback_of(error: BaseException) -> str:
    """The traceback from the user's first frame on: what called it, ours and LangGraph's, says nothing."""
    frames = error.__traceback__
    while frames is not None and not _is_users(frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    if frames is None:  # nothing of the user's: all but the part that imported or called it
        frames = error.__traceback__
        while frames is not None and _is_ours(frames):
            frames = frames.tb_next
    report = traceback.TracebackException(type(error), error, frames, compact=True)
    return "".join(report.format())


def _is_ours(frame: TracebackType) -> bool:
    filename = frame.tb_frame.f_code.co_filename
    return filename.startswith((_OURS, "<frozen ")) or "/importlib/" in filename.replace("\\", "/")


def _where(error: BaseException) -> str:
    """The user's line that failed: the last frame in a file that is not installed."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_users(frame.filename)]
    return f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""


def _is_users(filename: str) -> bool:
    if filename.startswith(_SAMPLES):
        return True
    return not filename.startswith((_OURS, "<")) and not _INSTALLED.search(filename)


def _missing_module(name: str, spec: GraphSpec, root: Path) -> str:
    top = name.partition(".")[0]
    if spec.source is None and (spec.module + ".").startswith(name + "."):
        return f"There is no module {spec.module!r}: name a file, or install what has it, e.g. by `pip install -e .`."
    installed = _is_installed(top)
    if not installed and _is_the_projects_own(top, root):
        command = f"`pip install -e .` in {root}"
        return f"The project's own package {top!r} is not installed: run {command}, in the playground's environment."
    if installed and "." in name:
        return f"{spec.module} needs the module {name!r}, which the installed {_distribution(top)} doesn't have."
    return f"{spec.module} needs the module {name!r}: {_install(top)}."


def _is_the_projects_own(module: str, root: Path) -> bool:
    return any((folder / module).is_dir() or (folder / f"{module}.py").is_file() for folder in (root, root / "src"))


def _install(module: str) -> str:
    return f"run `pip install {_distribution(module.partition('.')[0])}` in the playground's environment"


def _distribution(module: str) -> str:
    return _DISTRIBUTIONS.get(module, module.replace("_", "-"))


def _is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _line(text: str | None, limit: int = 300) -> str:
    """A message's lines as one, cut to a length for a sentence; the traceback has all of it."""
    line = " ".join((text or "").split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
