"""The practice room (UX §2.8): the rules, the wire and the page of the live room, without a database behind them.

A session lives in the memory of one process for a few minutes. It has a case file of its own, hashed like any other, that
nobody keeps: nothing of it reaches the journal, a statistic or anybody's credit.
"""
