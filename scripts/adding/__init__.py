"""Makes a model folder of a source: what scripts/add-model is made of."""


class Refused(Exception):
    """A source that cannot become a model folder. The message is for the user."""
