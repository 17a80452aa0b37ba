"""How staff sign in, and what is their own: password, second factor, sessions."""
