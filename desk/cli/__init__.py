"""The `desk` command: what whoever runs an office types. Each module holds one group; `main` puts them together."""

import gc

# What a command imports stays until it ends, mostly before there is any garbage: an eighth of its start was a search
# for some. What serves sets a number of its own.
gc.set_threshold(20_000)
