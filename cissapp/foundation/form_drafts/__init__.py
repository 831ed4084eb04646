"""The definition of a form draft, shared by the forms of all pages and the room that stores drafts."""
