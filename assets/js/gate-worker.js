/* The gate's service worker: with a network it stays out of the way, without one it gives the shell of the page and what
 * belongs to it. VERSION, SHELL and KEPT stand before this text (src/web/gate/shell.c). It keeps no page of anybody. */
'use strict';

const CACHE = `guichet-gate ${SHELL} ${VERSION}`;
const PATIENCE = 5000; // after so many milliseconds a network counts as none

self.addEventListener('install', (event) => {
    event.waitUntil((async () => {
        const cache = await caches.open(CACHE);
        await cache.addAll([SHELL, ...KEPT].map((url) => new Request(url, { cache: 'reload', credentials: 'omit' })));
        await self.skipWaiting();
    })());
});

self.addEventListener('activate', (event) => {
    event.waitUntil((async () => {
        for (const name of await caches.keys())
            if (name.startsWith(`guichet-gate ${SHELL} `) && name !== CACHE) await caches.delete(name);
        await self.clients.claim();
    })());
});

const shell = async (request) => {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), PATIENCE);
    try {
        return await fetch(request, { signal: giveUp.signal });
    } catch {
        return await (await caches.open(CACHE)).match(SHELL) ?? Response.error();
    } finally {
        clearTimeout(timer);
    }
};

self.addEventListener('fetch', (event) => {
    const { request } = event;
    if (request.method !== 'GET') return;
    const url = new URL(request.url);
    if (url.origin !== location.origin) return;
    if (request.mode === 'navigate') event.respondWith(shell(request));
    else if (KEPT.includes(url.pathname + url.search))
        event.respondWith((async () => await (await caches.open(CACHE)).match(request) ?? fetch(request))());
});
