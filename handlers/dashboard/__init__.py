"""Pages (网页): what the command room sees; reads from the read pool, writes only by Events."""
