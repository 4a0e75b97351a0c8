"""What the user can mend: the message names the option or file, the value and the rule."""


class Mistake(Exception):
    pass
