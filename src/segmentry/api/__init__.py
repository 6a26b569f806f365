"""The REST API and the page, over one workspace."""
