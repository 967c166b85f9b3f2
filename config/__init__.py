"""Ground floor (地基): vocabulary, faults, settings and the rules that clerks edit in YAML."""
