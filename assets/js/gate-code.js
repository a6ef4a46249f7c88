/* Codes of tickets at a gate without a network (TKT-6): reading the digits as src/domain/ticket_code.c writes them, and
 * checking the signature with the browser's Ed25519, or with the module that the build brought where it has none. */
(() => {
    'use strict';

    const gate = globalThis.gate ??= {};
    const DIGITS = 198, BODY = 18, WHOLE = 82;
    const KINDS = ['slot', 'dated', 'undated'], ROLES = ['visitor', 'guide', 'leader'], TARIFFS = ['', 'full', 'group', 'school'];
    const text = (bytes) => new TextEncoder().encode(bytes);
    const plain = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

    // Luhn's check digit over twelve digits.
    const checked = (digits) => {
        let sum = 0;
        for (let i = 0; i < digits.length; i++) {
            let value = Number(digits[i]);
            if ((digits.length - i) % 2 === 1) value = Math.floor(value * 2 / 10) + value * 2 % 10;
            sum += value;
        }
        return digits + (10 - sum % 10) % 10;
    };

    const bytesOf = (digits) => {
        const hex = BigInt(digits).toString(16).padStart(2 * WHOLE, '0');
        if (hex.length > 2 * WHOLE) return null;
        return Uint8Array.from({ length: WHOLE }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
    };
    const number = (bytes, at, size) => {
        let value = 0;
        for (let i = 0; i < size; i++) value = value * 256 + bytes[at + i];
        return value;
    };

    const unpack = (bytes) => {
        const kind = KINDS[bytes[17] >> 6], role = ROLES[bytes[17] >> 4 & 3], serial = number(bytes, 2, 5);
        const from = number(bytes, 10, 4) * 60, minutes = number(bytes, 14, 3);
        if (bytes[0] !== 2 || bytes[1] === 0 || !kind || !role || minutes === 0 || serial > 999999999999) return null;
        return { keyId: bytes[1], number: checked(String(serial).padStart(12, '0')), monument: number(bytes, 7, 3), kind, role,
                 tariff: TARIFFS[bytes[17] & 15] ?? '', from, until: from + minutes * 60 - 1 };
    };

    // true, false, or null when nothing here can check a signature.
    const verify = async (key, signature, message) => {
        try {
            const imported = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']);
            return await crypto.subtle.verify('Ed25519', imported, signature, message);
        } catch {
            const module = gate.verifier && await import(gate.verifier).catch(() => null);
            return module ? module.verifyAsync(signature, message, key).catch(() => false) : null;
        }
    };

    /* What was scanned or typed: { number } or { signed } as far as it can be read, { forged: true }, or {}. */
    gate.readCode = async (typed, keys) => {
        const code = typed.trim();
        const old = code.match(/^G1\.(\d{13})\.[0-9A-Z]{16}$/);
        if (old) return { number: old[1] };
        const digits = code.replace(/[\s\u00a0-]/g, '');
        if (/^\d{13}$/.test(digits)) return checked(digits.slice(0, 12)) === digits ? { number: digits } : {};
        if (code.length !== DIGITS || !/^\d+$/.test(code)) return code.length > 40 ? { forged: true } : {};
        const bytes = bytesOf(code), signed = bytes && unpack(bytes), key = signed && keys[signed.keyId];
        if (!key) return { forged: true };
        const message = new Uint8Array([...text('guichet ticket'), ...bytes.subarray(0, BODY)]);
        const genuine = await verify(plain(key), bytes.subarray(BODY), message);
        if (genuine === null) return { number: signed.number };
        return genuine ? { number: signed.number, signed } : { forged: true };
    };
})();
