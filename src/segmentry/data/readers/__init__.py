"""One file for each kind of source; `segmentry.data.source.stage` chooses among them."""
