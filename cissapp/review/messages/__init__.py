"""One message of a coordinator to people of many schools, each in their language and with what their school lacks."""
