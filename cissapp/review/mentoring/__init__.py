"""What a mentor and a school share: questions and answers, what the school shows, meetings."""
