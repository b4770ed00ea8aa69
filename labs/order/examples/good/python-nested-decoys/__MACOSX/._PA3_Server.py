Mac OS X metadata, not a program
