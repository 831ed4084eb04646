"""The words of posters: short sentences for each kind of reader, in each language of the programme."""
