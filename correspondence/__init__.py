"""What comes back by mail: bounces, replies and automatic answers, read from a mailbox. Deletes nothing."""
