-- Scans at the gates, signed codes (OPS-3, TKT-6).
UPDATE setting SET value = value WHERE key = '';
