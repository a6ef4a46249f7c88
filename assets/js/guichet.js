/* Improvements only: every page does its work without this file. It counts the time left of holds and options down,
 * changes the planning without loading the whole page, and lights the monument under the pointer on the map. */
(() => {
    'use strict';

    const french = document.documentElement.lang !== 'en';
    const units = french ? { d: 'j', h: 'h', m: 'min', s: 's' } : { d: 'd', h: 'h', m: 'min', s: 's' };

    // One polite voice for the whole page, so that messages queue instead of interrupting each other.
    const voice = document.createElement('p');
    voice.className = 'visually-hidden';
    voice.setAttribute('role', 'status');
    document.body.append(voice);
    const say = (text) => { voice.textContent = text; };

    // The visitor's clock may be wrong: deadlines are measured on the server's, given with the page.
    const served = Number(document.body.dataset.now);
    const loaded = performance.now();
    const now = () => served + (performance.now() - loaded) / 1000;

    const pad = (n) => String(n).padStart(2, '0');
    const timeLeft = (seconds) => {
        const d = Math.floor(seconds / 86400), h = Math.floor(seconds / 3600) % 24;
        const m = Math.floor(seconds / 60) % 60, s = Math.floor(seconds) % 60;
        if (d > 0) return `${d} ${units.d} ${h} ${units.h}`;
        if (h > 0) return `${h} ${units.h} ${pad(m)} ${units.m}`;
        return `${m} ${units.m} ${pad(s)} ${units.s}`;
    };

    // <time class="countdown" data-deadline="EPOCH" data-over="Délai dépassé" data-soon="SECONDS">
    const tick = () => {
        for (const clock of document.querySelectorAll('[data-deadline]:not(.is-over)')) {
            const left = Number(clock.dataset.deadline) - now();
            if (left <= 0) {
                clock.textContent = clock.dataset.over;
                clock.classList.replace('is-soon', 'is-over') || clock.classList.add('is-over');
                say(clock.dataset.over);
                continue;
            }
            const text = timeLeft(left);
            if (clock.textContent !== text) clock.textContent = text;
            if (left < Number(clock.dataset.soon || 0) && !clock.classList.contains('is-soon')) {
                clock.classList.add('is-soon');
                say(clock.getAttribute('aria-label') || text);
            }
        }
    };
    if (served) {
        tick();
        setInterval(tick, 1000);
    }

    // The planning: its links and its search form load the same address and exchange the region with the same id.
    let loading = null;
    const region = () => document.querySelector('[data-swap]');
    const show = async (url, push) => {
        const old = region();
        if (loading) loading.abort();
        const mine = loading = new AbortController();
        old.setAttribute('aria-busy', 'true');
        try {
            const answer = await fetch(url, { signal: mine.signal, headers: { Accept: 'text/html' } });
            const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
            const fresh = page.querySelector('[data-swap]');
            if (!answer.ok || answer.redirected || !fresh) throw new Error('another page');
            const focused = document.activeElement && document.activeElement.id;
            old.replaceWith(document.importNode(fresh, true));
            document.title = page.title;
            if (push) history.pushState({ swap: true }, '', url);
            const heading = region().querySelector('[data-announce]');
            const target = focused && document.getElementById(focused);
            if (target) target.focus({ preventScroll: true });
            else if (heading) {
                heading.tabIndex = -1;
                heading.focus({ preventScroll: true });
            }
            if (heading) say(heading.textContent.trim());
            tick();
        } catch (problem) {
            if (problem.name !== 'AbortError') location.assign(url);
        }
    };
    const isPlain = (event) =>
        event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey && !event.defaultPrevented;
    document.addEventListener('click', (event) => {
        const link = isPlain(event) && event.target.closest('[data-swap] a[href]');
        if (!link || link.target || link.origin !== location.origin || link.pathname !== location.pathname || link.hash) return;
        event.preventDefault();
        show(link.href, true);
    });
    document.addEventListener('submit', (event) => {
        const form = event.target;
        if (form.method !== 'get' || !form.closest('[data-swap]')) return;
        event.preventDefault();
        const url = new URL(form.getAttribute('action'), location.href);
        url.search = new URLSearchParams(new FormData(form, event.submitter));
        show(url.href, true);
    });
    if (region()) {
        history.replaceState({ swap: true }, '');
        addEventListener('popstate', (event) => { if (event.state && event.state.swap) show(location.href, false); });
    }

    // A booking is not sent twice by an impatient hand; the server refuses the second one anyway.
    document.addEventListener('submit', (event) => {
        const form = event.target;
        if (form.method !== 'post') return;
        if (form.dataset.sent) event.preventDefault();
        form.dataset.sent = '1';
        setTimeout(() => { delete form.dataset.sent; }, 5000); // the answer may be a file, which leaves the page standing
    });
    addEventListener('pageshow', () => { for (const form of document.forms) delete form.dataset.sent; });

    // A page that waits for news from elsewhere looks again by itself: <… data-reload="SECONDS">. It also has a link.
    const waiting = document.querySelector('[data-reload]');
    if (waiting) setTimeout(() => location.reload(), Number(waiting.dataset.reload) * 1000);

    // A region that follows work on the server, fetched anew while the answer still says so: <… id="x" data-live="SECONDS">.
    const follow = (region) => setTimeout(async () => {
        try {
            const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
            const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
            const fresh = answer.ok && !answer.redirected && page.getElementById(region.id);
            if (fresh && !region.contains(document.activeElement)) {
                const copy = document.importNode(fresh, true);
                region.replaceWith(copy);
                region = copy;
            }
        } catch (problem) { /* the server may be starting again: look later */ }
        if (region.dataset.live) follow(region);
    }, Number(region.dataset.live) * 1000);
    for (const region of document.querySelectorAll('[data-live]')) follow(region);

    // Card and dot of one monument carry the same data-monument.
    const light = (event, on) => {
        const card = event.target.closest && event.target.closest('.card[data-monument]');
        const dot = card && document.querySelector(`.map a[data-monument="${card.dataset.monument}"]`);
        if (dot) dot.classList.toggle('is-on', on);
    };
    document.addEventListener('mouseover', (event) => light(event, true));
    document.addEventListener('mouseout', (event) => light(event, false));
})();
