"""The report's sections, one a file; each is a function from the page to HTML."""
