-- Closures and whom they hit (OPS-4, COM-4, ORD-4).
UPDATE setting SET value = value WHERE key = '';
