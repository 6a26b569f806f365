"""The one language of Segmentry: values and conditions about a customer, as a typed tree.

Features and rules are written in it. A tree has three faces (text, JSON, sentence), compiles to
SQL, and has a plain Python meaning that every engine is held against.
"""
