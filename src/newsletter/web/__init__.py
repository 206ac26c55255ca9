"""The public pages: HTTP in, calls down, pages out.

No cookies, no scripts, nothing from another origin; the token in the address is the only authority,
and only a POST changes anything (T5).
"""
