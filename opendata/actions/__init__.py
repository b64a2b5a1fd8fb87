"""What the clock does for open data: make files for bulk download, write down what changed of credit."""
