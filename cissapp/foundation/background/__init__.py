"""Work behind the answers: kept in the database with the change that asks for it, begun by a bell that rings."""
