-- Season and weekday templates, photographs (OPS-2).
UPDATE setting SET value = value WHERE key = '';
