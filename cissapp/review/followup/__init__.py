"""Which schools of a group are stuck, and where: for the coordinator who helps them on."""
