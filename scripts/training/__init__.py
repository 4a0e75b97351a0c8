"""Training of the cascade's own models: see src/docs/train-models.md."""
