"""The terminal app and the `recode` command."""
