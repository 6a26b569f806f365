"""What can be asked of a workspace and what it answers: one shape for command line and API."""
