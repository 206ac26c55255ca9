"""Notices on their way: what each says, which links it has, who gets none any more, and sending
them by the relay of the editions, without ever being in the way of one."""
