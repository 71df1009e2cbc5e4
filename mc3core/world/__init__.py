"""The procedural world: narrated videos with known truth, from a seed and without a licence.

timeline(seed, clips) -> World         the plan; everything else is a pure function of it
picture(video, t_s, side), boxes(video, t_s), stem(video, name, start_s, end_s, rate), mix(...)
write_world(out, clips, seed), iter_videos(...), write_cache(cache_dir, clips, seed)
"""
