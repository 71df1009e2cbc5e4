"""Tables 2 and 3 of *SoundingActions* again, on worlds that know the truth.

plan.py says what is trained, worlds.py makes the clips, cells.py trains and scores one cell of a
table, choose.py picks temperature and weight on validation, schedule.py says what is left to do,
run.py does it on all cores, table.py and paper.py make the table.
"""
