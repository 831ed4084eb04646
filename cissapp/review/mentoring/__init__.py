"""What a mentor and a school have together: questions and answers, what the school shows, meetings."""
