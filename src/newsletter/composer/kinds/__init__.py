"""Section kinds: what one folder of templates says about a block that authors may use."""
