"""The tour of the demo: its steps, what they wait for, and the lines on the screen that show them."""
