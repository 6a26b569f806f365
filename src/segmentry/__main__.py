"""`python -m segmentry` is the command line."""

from segmentry.cli.main import main

main()
