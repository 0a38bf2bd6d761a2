"""The private parts of Textual that are used, each with its reason."""
