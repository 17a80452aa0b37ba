"""Documents and exports: what leaves the desk as a file."""
