"""What the user presses, a file a subject: poll, call one function, report."""
