"""Privacy: what is held about a person, for how long, told to him on request, destroyed when it may be."""
