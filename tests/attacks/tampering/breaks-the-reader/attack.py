def attack():
    """The files beside this one are the attack."""
