"""`python -m moadb` is the same as `moadb`."""

from moadb.cli import main

if __name__ == "__main__":
    main()
