-- What customer service does for customers: notes, passes, stock, voucher layouts (OPS-1, PMP-1, STK-1, TKT-2).
UPDATE setting SET value = value WHERE key = '';
