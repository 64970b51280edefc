"""Result tables as they are printed: functions that take frames and return `PrintedTable`s.

The columns of the frames are described where they are made; here it is decided what a reader
sees of them, in which order, and with how many decimals.
"""
