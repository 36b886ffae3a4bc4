"""Letters: their words, their text, HTML and PDF, the mailer and the tray of letters to post."""
