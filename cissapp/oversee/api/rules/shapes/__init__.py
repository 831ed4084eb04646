"""The shapes of what programs send and get, from which the answers and the document are generated."""
