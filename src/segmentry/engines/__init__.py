"""A session per engine: run, fetch Arrow, write, transact."""
