-- Transfers, receipts of money, refunds, credit notes (CRT-4, OPS-5, ORD-4).
UPDATE setting SET value = value WHERE key = '';
