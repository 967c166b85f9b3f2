"""Makes the second reader from the project's own corpus (训练); never imported at run time."""
