"""What the public pages ask of the program, and what they may have it change: a desk for each kind.

Each serves one reader at a time. None is always the same answer: a token is garbled, forged or for
something else, and nobody outside learns which. A token that we gave out once, to a person who is
no longer kept, gives Forgotten: there is nothing to change, and old links still answer (T7). Every
call may raise SurroundingsFailed; then nothing was changed.
"""
