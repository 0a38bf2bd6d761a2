"""The app in a browser: a server on this machine, which starts an app for each page."""
