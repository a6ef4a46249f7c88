-- Paid orders changed in place (OPT-6), leaders replaced (COM-5).
UPDATE setting SET value = value WHERE key = '';
