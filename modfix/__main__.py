"""`python -m modfix`: the same command line as `modfix`."""

import sys
from pathlib import Path

OWN = str(Path(__file__).resolve().parent.parent)

if __name__ == "__main__":
    # Python looks for everything in the current folder first: a course's `click.py` would be run.
    if not sys.flags.safe_path and sys.path[0] != OWN:
        del sys.path[0]
    from modfix.cli import main

    main()
