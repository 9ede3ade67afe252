"""All figures of the project, in one run.

python tests/benchmarks
"""

import asyncio
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.benchmarks import (
    compare,
    compare_diff,
    compare_stream,
    concurrency,
    screens,
    start,
    state,
    store,
    streams,
    terminal,
    thread,
)

if __name__ == "__main__":
    os.environ["LANGSMITH_TRACING"] = "false"
    start.main()
    asyncio.run(store.main())
    asyncio.run(concurrency.main())
    asyncio.run(streams.main())
    asyncio.run(compare.main())
    compare_stream.main()
    compare_diff.main()
    terminal.main()
    screens.main()
    thread.main()
    asyncio.run(state.main())
