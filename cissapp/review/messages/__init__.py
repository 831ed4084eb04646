"""One message from a coordinator to many schools, in each person's language, with what the school lacks."""
