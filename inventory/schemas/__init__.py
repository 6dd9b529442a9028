"""The shape of what comes in and goes out (marshmallow).

Laws:
1. A value is read exactly or refused, with a pointer to where it stands and a sentence that says what is expected.
2. An unknown field is refused: a misspelt name is never silently left out.
3. Shapes know nothing of stores: whether an item exists is for the verbs to say.
"""
