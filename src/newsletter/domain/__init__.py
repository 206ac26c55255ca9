"""The words of the house as values: frozen dataclasses, closed sets and the error tree.

Imports the standard library only. Each module is named for the word that it defines; import from
the module, not from here.
"""
