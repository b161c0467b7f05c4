"""From states to a page: payload, HTML, checks, the cache."""
