"""The demonstration: invented schools and people in every state, made through the same services as real ones."""
