"""The national group's work: from an application that has come in to a decision, an appeal, a complaint."""
