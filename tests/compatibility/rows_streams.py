"""What the streams of both servers have in common, and where ours differs on purpose."""

from tests.compatibility.differential import Rows

rows = Rows()
