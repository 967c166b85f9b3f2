"""Benchmarks (测速): each measures in one run and prints Markdown; none is a pass/fail test."""
