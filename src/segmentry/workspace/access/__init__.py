"""Who may do what: people, their sessions, keys for programs, and the log of what was done."""
