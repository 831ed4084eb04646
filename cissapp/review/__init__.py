"""The national group's work: from a submitted application to a decision, an appeal or a complaint."""
