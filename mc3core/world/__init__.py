"""The procedural world: narrated videos with known truth, from a seed and without a licence.

timeline(seed, clips, law) -> World    the plan; everything else is a pure function of it
picture(video, t_s, side), boxes(video, t_s), stem(video, name, start_s, end_s, rate), mix(...)
write_world(out, clips, seed), iter_videos(...), write_cache(cache_dir, clips, seed), all with law=
DEFAULT, VARIANTS, law_named(name)     how often what happens: the default and six other worlds
cue_table(world), cue_markdown(tables) what loudness, motion, file size and the like tell of labels
"""
