"""The command line: reads what a person typed, calls the workspace, shows what came back."""
