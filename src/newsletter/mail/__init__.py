"""Mail as the standards want it: addresses, header rules, filling slots, writing messages. Pure."""
