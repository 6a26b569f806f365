"""`segmentry demo`: a real shop, from its tables to a report, in one command."""
