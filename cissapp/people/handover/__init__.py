"""How people change: a head hands over, a lost coordinator is replaced, and what two people must agree on."""
