"""What leaves sessions for other tools (training data, pages to read), and what comes in from elsewhere."""
