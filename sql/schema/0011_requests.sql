-- Requests to monuments without slots (MON-2).
UPDATE setting SET value = value WHERE key = '';
