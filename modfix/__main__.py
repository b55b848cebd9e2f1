"""`python -m modfix`: the same command line as `modfix`."""

from modfix.cli import main

if __name__ == "__main__":
    main()
