"""`python -m recode_tui` is `recode`."""

from recode_tui.cli import main

if __name__ == "__main__":
    main()
