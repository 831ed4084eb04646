"""File formats of other systems: GIFT and Moodle XML, with the texts and weights they share."""
