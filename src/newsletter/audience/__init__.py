"""Who gets mail: topics, subscribers, subscriptions, consents and suppressions.

Everything takes a `Connection` and leaves beginning and ending the transaction to its caller.
Every change of a subscription adds a line to the consent ledger in the same transaction (L1), and
nobody is revived: only the person's own act makes an unsubscribed subscription active again.
"""
