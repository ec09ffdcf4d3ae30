"""From a source's rows to raw: type, land, accept; bad rows to quarantine."""
