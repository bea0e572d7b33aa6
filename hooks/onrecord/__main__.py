"""`python -m onrecord` is the command, for where no folder of scripts is on the path."""

from onrecord.cli import main

if __name__ == "__main__":
    main(prog_name="onrecord")
