"""The national group's work: declaration, scores, recommendation, and the decision of another person."""
