"""The five modules: lessons, quizzes, receipts, statements of learning."""
