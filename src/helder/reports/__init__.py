"""Lab reports: a file → words on a page → rows → readings → judged, explained, compared with earlier ones."""
