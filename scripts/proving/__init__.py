"""`scripts/cascade`: train a cascade on judgements or clicks, and prove what each stage is worth."""
