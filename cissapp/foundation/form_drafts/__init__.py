"""What a draft of a form is: shared by the forms of every page and the room that keeps drafts."""
