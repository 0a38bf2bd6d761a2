"""The home screen: new runs, saved sessions, samples."""
