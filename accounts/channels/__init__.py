"""Where notices go besides the inbox: mails, the bots of chat groups, the bell; what each member wants, and when."""
