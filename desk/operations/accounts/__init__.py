"""Staff and what lets them in: names, passwords, codes, second factors, tokens of programs."""
