/* What the gate keeps on the device: lists of the day, one a monument, and acts, those that are still to be sent and those
 * that the list does not know yet. */
(() => {
    'use strict';

    const gate = globalThis.gate ??= {};
    let opened;

    const asked = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });

    const open = () => {
        if (opened) return opened;
        const request = indexedDB.open('guichet-gate', 1);
        request.onupgradeneeded = () => {
            request.result.createObjectStore('list', { keyPath: 'slug' });
            request.result.createObjectStore('act', { keyPath: 'key' });
            request.result.createObjectStore('device', { keyPath: 'name' });
        };
        opened = asked(request);
        return opened;
    };

    const within = async (name, mode, work) => {
        const db = await open();
        const transaction = db.transaction(name, mode);
        const result = await work(transaction.objectStore(name));
        if (mode === 'readwrite') await new Promise((resolve, reject) => {
            transaction.oncomplete = resolve;
            transaction.onabort = () => reject(transaction.error);
            transaction.onerror = () => reject(transaction.error);
        });
        return result;
    };

    gate.word = (bytes = 12) => [...crypto.getRandomValues(new Uint8Array(bytes))].map((b) => b.toString(16).padStart(2, '0')).join('');

    gate.store = {
        list: (slug) => within('list', 'readonly', (store) => asked(store.get(slug))),
        lists: () => within('list', 'readonly', (store) => asked(store.getAll())),
        putList: (list) => within('list', 'readwrite', (store) => { store.put(list); }),
        acts: async (slug) => (await within('act', 'readonly', (store) => asked(store.getAll()))).filter((act) => act.slug === slug),
        putAct: (act) => within('act', 'readwrite', (store) => { store.put(act); }),
        dropActs: (keys) => within('act', 'readwrite', (store) => { for (const key of keys) store.delete(key); }),
        // The browser's own word: made once.
        device: async () => {
            const known = await within('device', 'readonly', (store) => asked(store.get('id')));
            if (known) return known.value;
            const value = `d-${gate.word()}`;
            await within('device', 'readwrite', (store) => { store.put({ name: 'id', value }); });
            return value;
        },
    };
})();
