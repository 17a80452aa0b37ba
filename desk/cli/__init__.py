"""The `desk` command: what whoever runs an office types. Each module holds one group; `main` puts them together."""
